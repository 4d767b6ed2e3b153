import type {Reply} from '../../../core/reply.js';
import {sanitize} from '../../../output/terminal/sanitize.js';
import {chatHint, errorLines} from '../../hints.js';
import {
  aliases,
  type ChatCommand,
  chatCommands,
  needsChat,
  unknownCommand,
} from '../../slash-commands/chat-commands.js';
import {helpText} from '../../slash-commands/help.js';
import {type SlashLine, subcommandLine} from '../../slash-commands/parse.js';
import {useVi} from '../../state/press-vi.js';
import {leaveChat, set, showNotice, showProblem} from '../../state/transitions.js';
import {compare, retryWith} from './ask-another.js';
import {attach} from './attach.js';
import {type ChatSession, nameOf, widthOf, within} from '../chat-session.js';
import {copyReply} from './copy.js';
import {editParameters} from './edit-parameters.js';
import {exportChat} from './export-chat.js';
import {switchedLine} from '../../text/transcript-lines.js';
import {screenful} from '../../screen/clear-screen.js';
import {continueChat, switchBot} from './open-chat.js';
import {setSystem} from './system.js';
import {useTemplate} from './use-template.js';

/**
 * Runs a slash command, or says that there is none of that name.
 * @returns the reply that it started, if any
 * @throws PoeError
 */
export async function runCommand(
  session: ChatSession,
  line: SlashLine,
  signal: AbortSignal,
): Promise<Reply | undefined> {
  const {deps, store} = session;
  const {name, words} = line;
  const own = chatCommands.find((each) => each.name === (aliases[name] ?? name))?.name;
  if (own) {
    await effects[own](session, words, {rest: line.rest, signal});
    return undefined;
  }
  const subcommands = await deps.commands();
  const command = subcommands.find((each) => each.name === name);
  const {chat, parameters} = store.getSnapshot();
  if (!command) store.apply(showProblem(unknownCommand(name, subcommands)));
  else if (!chat && needsChat(command, words)) store.apply(showNotice('No chat yet. Send a message first.'));
  else if (name === 'attach' && chat && words.length === 0) return deps.attach(chat, {signal});
  else if (name === 'retry' && chat && words.length === 0) return deps.retry(chat, {parameters, signal});
  else if (name === 'retry' && chat && words.length === 1 && !words[0]?.startsWith('-'))
    return retryWith(session, words[0] ?? '', signal);
  else if (name === 'template' && words[0] === 'run' && !asksForHelp(words)) await useTemplate(session, words.slice(1));
  else if (asksForHelp(words)) await showHelp(session, name);
  else await runSubcommand(session, line, subcommandLine(line, command, chat && nameOf(chat)), signal);
  return undefined;
}

const asksForHelp = (words: readonly string[]): boolean => words.some((word) => word === '--help' || word === '-h');

/** Runs a subcommand on the current chat and prints what it writes. */
async function runSubcommand(
  session: ChatSession,
  {name, words}: SlashLine,
  args: string[],
  signal: AbortSignal,
): Promise<void> {
  const {deps, store, theme, ask} = session;
  const {chat} = store.getSnapshot();
  // A dumb terminal shows what was typed.
  if (!deps.isDumb) store.print(`${theme.dim(`/${sanitize([name, ...words].join(' '))}`)}\n`);
  const {text, error} = await deps.run(args, {columns: widthOf(session), signal, ask, hintOf: chatHint});
  if (text !== '' || !error) store.print(`${text}${text.endsWith('\n') ? '' : '\n'}\n`);
  if (error) return store.print(errorLines(error, {theme, columns: widthOf(session)}));
  if (name === 'config') store.apply(useVi(deps.settings.get('keys') === 'vi'));
  if (name === 'title' && chat) store.apply(set({chat: (await deps.chat(nameOf(chat))).chat}));
  const isDeleted = name === 'purge' || (name === 'delete-chat' && chat && args.includes(nameOf(chat)));
  if (isDeleted) store.apply(leaveChat);
}

/** The effects of the commands that only the chat has. */
const effects: Record<
  ChatCommand,
  (session: ChatSession, words: readonly string[], line: {rest: string; signal: AbortSignal}) => Promise<void> | void
> = {
  new: ({store}) => store.apply(leaveChat),
  clear({deps, store}) {
    store.apply(leaveChat);
    store.print(screenful(deps.terminal.stdout));
  },
  bot: (session, [handle]) => changeBot(session, handle),
  async chat(session, [name]) {
    const {store} = session;
    if (name === undefined) return;
    await continueChat(session, name);
    const {chat, bot} = store.getSnapshot();
    await switchBot(session, chat?.bot ?? bot?.handle);
  },
  compare: (session, [bot], {signal}) => (bot === undefined ? undefined : compare(session, bot, signal)),
  system: (session, _words, {rest}) => setSystem(session, rest),
  param: editParameters,
  file: (session, _words, {rest: path}) => attach(session, path),
  copy: (session, [word]) => copyReply(session, word === 'code' ? 'code' : 'reply'),
  edit: ({deps, store, edit}) =>
    deps.isDumb ? store.apply(showNotice('The editor cannot be used on a dumb terminal')) : edit(),
  async export({deps, store}, [path]) {
    store.apply(showNotice(await exportChat(deps, store.getSnapshot().chat, path)));
  },
  help: (session, [name]) => showHelp(session, name),
  exit: ({leave}) => leave(),
};

/** How long the line about a new bot waits for its price. */
const maxPriceMs = 2000;

/** Switches the bot, and leaves a line in the transcript. @throws PoeError */
async function changeBot(session: ChatSession, handle: string | undefined): Promise<void> {
  const {store, theme} = session;
  const {priced} = await switchBot(session, handle);
  await within(maxPriceMs, priced);
  const {bot} = store.getSnapshot();
  if (bot) store.print(`${switchedLine(bot, {columns: widthOf(session), theme})}\n\n`);
}

async function showHelp(session: ChatSession, name?: string): Promise<void> {
  const {deps, store, theme} = session;
  const subcommands = await deps.commands();
  const text = helpText(subcommands, {theme, columns: widthOf(session), name});
  if (text === undefined) store.apply(showProblem(unknownCommand(name ?? '', subcommands)));
  else store.print(`${text}\n\n`);
}
