import type {BotParameter} from '../../../core/parameters/bot-parameter.js';
import type {BotInChat} from '../../chat-deps.js';
import {chatHint} from '../../hints.js';
import {fixed} from '../../menu/source.js';
import type {MenuEntry} from '../../menu/entry.js';
import {set, showNotice, showProblem} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';
import {choicesOf, describeParameter, questionFor, shownDefault} from './parameter-text.js';

/**
 * Sets parameters of the bot for this chat: the named one, or those that are chosen from a form.
 * @param words the name and the value, or `name=value`; without a value it is asked for
 * @throws PoeError
 */
export async function editParameters(session: ChatSession, words: readonly string[]): Promise<void> {
  const {store} = session;
  const handle = store.getSnapshot().bot?.handle;
  if (handle === undefined) return store.apply(showNotice('No bot yet. Choose one with /bot.'));
  const bot = {handle, chat: store.getSnapshot().chat};
  const {name, value} = parseAssignment(words);
  if (value !== undefined) {
    if ((await setParameter(session, bot, name, value)) !== undefined) return;
  } else if (name !== '') {
    const parameters = await parametersOf(session, bot);
    await editParameter(session, bot, parameters.find((each) => each.name === name) ?? unknownParameter(name));
  } else if (!(await fillInForm(session, bot))) return store.apply(showNotice(`${handle} has no parameters`));
  showParameters(session);
}

/** Parses `name`, `name value` and `name=value`. */
function parseAssignment([first = '', ...rest]: readonly string[]): {name: string; value: string | undefined} {
  const [, name = '', , value] = /^([^=]*)(=(.*))?$/s.exec(first) ?? [];
  if (value === undefined) return {name, value: rest.length === 0 ? undefined : rest.join(' ')};
  return {name, value: [value, ...rest].join(' ')};
}

const parametersOf = ({deps, store}: ChatSession, bot: BotInChat): Promise<BotParameter[]> =>
  deps.parameters(bot, store.getSnapshot().parameters, deps.signal);

/** Shows the parameters that have an effect, until the user leaves them. @returns whether there are any */
async function fillInForm(session: ChatSession, bot: BotInChat): Promise<boolean> {
  const title = `Parameters of ${bot.handle} for this chat`;
  let marked: string | undefined;
  for (;;) {
    const parameters = await parametersOf(session, bot);
    if (parameters.length === 0) return false;
    const values = session.store.getSnapshot().parameters;
    const entries = parameters.map((each) => toEntry(each, values[each.name]));
    const chosen = await session.pick({title, source: fixed(entries), action: 'Enter to change', marked});
    const parameter = parameters.find(({name}) => name === chosen);
    if (!parameter) return true;
    marked = chosen;
    await editParameter(session, bot, parameter);
  }
}

const toEntry = (parameter: BotParameter, value: string | undefined): MenuEntry => ({
  value: parameter.name,
  label: parameter.name,
  fact: value ?? shownDefault(parameter),
  detail: describeParameter(parameter, {isSet: value !== undefined}),
});

/** Has the user choose or type a value, until it is accepted. */
async function editParameter(session: ChatSession, bot: BotInChat, parameter: BotParameter): Promise<void> {
  const {ask, pick} = session;
  const {name} = parameter;
  const choices = choicesOf(parameter);
  let problem = '';
  for (;;) {
    const value =
      choices.length > 0
        ? await pick({title: `${problem}${name}`, source: fixed(choices)})
        : await ask(`${problem}${questionFor(parameter)}`);
    if (value === undefined) return;
    const refusal = await setParameter(session, bot, name, value);
    if (refusal === undefined) return;
    problem = `${refusal} `;
  }
}

const unknownParameter = (name: string): BotParameter => ({name, schema: null, defaultValue: null, description: null});

/** Sets a parameter, or resets it if the value is empty. @returns why the bot does not accept it */
async function setParameter(
  {deps, store}: ChatSession,
  bot: BotInChat,
  name: string,
  text: string,
): Promise<string | undefined> {
  try {
    const others = store.getSnapshot().parameters;
    const parameters = await deps.setParameter(bot, {name, value: text.trim(), others}, deps.signal);
    store.apply(set({parameters}));
    return undefined;
  } catch (error) {
    const failure = deps.toError(error);
    const refusal = [failure.message, chatHint(failure)].filter(Boolean).join('. ');
    store.apply(showProblem(refusal));
    return refusal;
  }
}

function showParameters({store}: ChatSession): void {
  const shown = Object.entries(store.getSnapshot().parameters).map(([name, value]) => `${name}=${value}`);
  store.apply(
    showNotice(shown.length === 0 ? 'All parameters have their defaults' : `For this chat: ${shown.join(' · ')}`),
  );
}
