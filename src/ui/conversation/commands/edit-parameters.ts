import type {BotParameter} from '../../../core/model-bot.js';
import {chatHint} from '../../hints.js';
import {fixed} from '../../menu/source.js';
import type {MenuEntry} from '../../menu/entry.js';
import {set, showNotice} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';
import {choicesOf, describeParameter, questionFor, shownDefault} from './parameter-text.js';

const noParameters =
  'Parameters require an API key: with a browser session, bots have none yet. Log in with a key in another terminal, then start the chat again.';

/**
 * Sets parameters of the bot for this chat: the named one, or those that are chosen from a list.
 * @param words the name and the value, or `name=value`; without a value it is asked for
 * @throws PoeError
 */
export async function editParameters(session: ChatSession, words: readonly string[]): Promise<void> {
  const {deps, store, pick} = session;
  const handle = store.getSnapshot().bot?.handle;
  if (handle === undefined) return store.apply(showNotice('No bot yet. Choose one with /bot.'));
  const parameters = await deps.parameters(handle, deps.signal);
  if (!parameters) return store.apply(showNotice(noParameters));
  const {name, value} = parseAssignment(words);
  if (value !== undefined) {
    if ((await setParameter(session, handle, name, value)) !== undefined) return;
  } else if (name !== '') await editParameter(session, handle, parameters, name);
  else {
    let marked: string | undefined;
    for (;;) {
      const entries = parameters.map((each) => toEntry(each, store.getSnapshot().parameters[each.name]));
      const title = `Parameters of ${handle} for this chat`;
      const chosen = await pick({title, source: fixed(entries), action: 'Enter to change', marked});
      if (chosen === undefined) break;
      marked = chosen;
      await editParameter(session, handle, parameters, chosen);
    }
  }
  showParameters(session);
}

/** Parses `name`, `name value` and `name=value`. */
function parseAssignment([first = '', ...rest]: readonly string[]): {name: string; value: string | undefined} {
  const [, name = '', , value] = /^([^=]*)(=(.*))?$/s.exec(first) ?? [];
  if (value === undefined) return {name, value: rest.length === 0 ? undefined : rest.join(' ')};
  return {name, value: [value, ...rest].join(' ')};
}

const toEntry = (parameter: BotParameter, value: string | undefined): MenuEntry => ({
  value: parameter.name,
  label: parameter.name,
  fact: value ?? shownDefault(parameter),
  detail: describeParameter(parameter, {isSet: value !== undefined}),
});

/** Has the user choose or type a value, until it is accepted. */
async function editParameter(
  session: ChatSession,
  bot: string,
  parameters: readonly BotParameter[],
  name: string,
): Promise<void> {
  const {ask, pick} = session;
  const parameter = parameters.find((each) => each.name === name) ?? unknownParameter(name);
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
  session: ChatSession,
  bot: string,
  name: string,
  text: string,
): Promise<string | undefined> {
  const {deps, store} = session;
  const value = text.trim();
  try {
    if (value !== '') await deps.checkParameter(bot, {name, value}, deps.signal);
  } catch (error) {
    const failure = deps.toError(error);
    const refusal = [failure.message, chatHint(failure)].filter(Boolean).join('. ');
    store.apply(showNotice(refusal));
    return refusal;
  }
  const {[name]: _before, ...others} = store.getSnapshot().parameters;
  store.apply(set({parameters: value === '' ? others : {...others, [name]: value}}));
  return undefined;
}

function showParameters({store}: ChatSession): void {
  const shown = Object.entries(store.getSnapshot().parameters).map(([name, value]) => `${name}=${value}`);
  store.apply(
    showNotice(shown.length === 0 ? 'All parameters have their defaults' : `For this chat: ${shown.join(' · ')}`),
  );
}
