import {Readable, Writable} from 'node:stream';
import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {Host, SlashCommand, Within} from '../../ui/chat.js';
import {addApiOptions, type KeyFlags} from '../shared/api-options.js';
import {readChat} from '../chats/history-show.js';
import {writeNewFile} from '../shared/write-new-file.js';
import {chatBackend, isLoggedOut} from '../shared/chat-backend.js';
import {promptHistoryPath} from '../shared/prompt-history-path.js';

interface ChatFlags extends KeyFlags {
  bot?: string;
  chat?: string;
  screenReader?: boolean;
  notify?: boolean;
}

export const chat = (context: Context) =>
  addApiOptions(
    new Command('chat')
      .summary('Chat with a bot in the terminal')
      .description(
        'Chat with a bot interactively. Replies appear as they are written. Type /help in the chat to list its commands.',
      )
      .option('-b, --bot <bot>', "Bot handle (default: the chat's or account's bot)")
      .option('-c, --chat <chat>', 'Chat to continue: ID, code, URL, or "last"'),
  )
    .option('--screen-reader', 'Disable animation and print each reply when it is complete')
    .option('--notify', 'Notify when a reply arrives while the terminal is in the background')
    .action(async ({bot, chat, screenReader = false, notify, ...flags}: ChatFlags, command: Command) => {
      const {io, signal} = context;
      if (!io.stdin.isTTY || !io.stdout.isTTY) {
        throw new PoeError('usage', 'A chat needs a terminal', {hint: 'In pipes and scripts use: poe send "…"'});
      }
      const host = await hostOf(context, command.parent ?? command, flags);
      const {runChat} = await import('../../ui/chat.js');
      const isForScreenReader = screenReader || io.env.INK_SCREEN_READER === 'true';
      const notifies = notify ?? !['', '0'].includes(io.env.POE_NOTIFY ?? '');
      await runChat({...host, isForScreenReader, notifies}, {bot, chat});
      if (signal.aborted) throw new PoeError('interrupted', 'The chat was ended from outside');
    });

/** What the chat is given of the program. */
async function hostOf(
  context: Context,
  root: Command,
  flags: KeyFlags,
): Promise<Omit<Host, 'isForScreenReader' | 'notifies'>> {
  const {io, signal} = context;
  let slashCommands: SlashCommand[] | undefined;
  return {
    // Who is not logged in is told so before the terminal is taken.
    ...(await chatBackend(context, flags)),
    terminal: {stdin: io.stdin, stdout: io.stdout},
    signal,
    env: io.env,
    color: hasColor(context, root),
    historyPath: await promptHistoryPath(context),
    chat: (name, which = 'last') => readChat(context, name, which === 'all' ? undefined : 20),
    writeNewFile,
    redirectNotes: (writeLine) => context.output.redirectNotes(writeLine),
    run: (words, terminal) => captured(context, words, terminal),
    commands() {
      slashCommands ??= context
        .tree()
        .commands.filter((each) => !unfit.has(each.name()))
        .map(slashCommand);
      return slashCommands;
    },
    async remember(whole) {
      await context.remember(whole.chat);
      await context.see(whole);
    },
    async known() {
      const cache = await context.cache();
      // A name from outside that would not show as it is does not complete anything.
      const plain = (names: string[]) => names.filter((name) => sanitizeLine(name) === name);
      return {
        bots: plain(cache.bots().map(({handle}) => handle)),
        chats: plain(cache.chats().map(({chatCode}) => chatCode)),
        categories: plain(cache.categories()),
      };
    },
    toError: (error) =>
      isOfSystem(error) ? new PoeError('file', error.message, {cause: error}) : context.toError(error),
  };
}

/** Whether the system refused something, as a file or an editor that is not there, and says so in its own words. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

/** What makes no sense within a chat, or is there already. */
const unfit = new Set(['send', 'chat', 'attach', 'login', 'logout', 'completion', 'sandbox', 'help']);

function slashCommand(command: Command): SlashCommand {
  const [first, ...more] = command.registeredArguments.map((argument) => argument.name());
  const takesChat = !first?.endsWith('chat') ? 'never' : more.length > 0 ? 'first' : 'alone';
  const typed = first === undefined ? [] : takesChat === 'first' ? more : [first, ...more];
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    takesChat,
    completes: typed.flatMap((name) => kinds[name] ?? []),
    help: () => slashHelp(command, takesChat),
  };
}

/** How a command is typed in the chat, and its options. */
function slashHelp(command: Command, takesChat: SlashCommand['takesChat']): string {
  const subcommands = command.commands.map((each) => `[${each.name()}]`);
  const args = command.registeredArguments.slice(takesChat === 'first' ? 1 : 0).map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required && takesChat !== 'alone' ? `<${name}>` : `[${name}]`;
  });
  const helper = command.createHelp();
  const globalOptions = new Set(['--help', ...(command.parent?.options ?? []).map(({long}) => long)]);
  const options = helper.visibleOptions(command).filter(({long}) => !globalOptions.has(long));
  const rows = options.map((option) => [helper.optionTerm(option), helper.optionDescription(option)] as const);
  const width = Math.max(0, ...rows.map(([term]) => term.length));
  return [
    [`/${command.name()}`, ...subcommands, ...args].join(' '),
    command.summary() || command.description(),
    ...rows.map(([term, description]) => `  ${term.padEnd(width)}  ${description}`),
  ].join('\n');
}

/** What the words of a command can be, by their names in its help. */
const kinds: Record<string, SlashCommand['completes'][number]> = {
  bot: 'bots',
  handle: 'bots',
  chat: 'chats',
  category: 'categories',
  file: 'files',
  path: 'files',
};

function hasColor({io}: Context, root: Command): boolean {
  const {NO_COLOR: none = '', TERM} = io.env;
  return root.opts().color !== false && none === '' && TERM !== 'dumb';
}

/** Runs a subcommand. @returns what it printed, and the error it ended with */
async function captured(
  context: Context,
  words: readonly string[],
  {columns, ask, signal}: Within,
): Promise<{text: string; error?: PoeError}> {
  let text = '';
  const screen = () => {
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString('utf8');
        done();
      },
    });
    return Object.assign(stream, {columns, isTTY: true});
  };
  const env = {...context.io.env, TERM: 'dumb'};
  const io = {stdin: Readable.from([]), stdout: screen(), stderr: screen(), env, ask};
  try {
    await context.run(words, io, signal);
    return {text};
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    // The user may log in before the next command.
    if (isLoggedOut(error)) await context.forgetSession();
    return {text, error};
  }
}
