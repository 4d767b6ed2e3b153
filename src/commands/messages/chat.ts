import {Readable, Writable} from 'node:stream';
import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {type ErrorCode, PoeError} from '../../core/errors.js';
import type {RetryOptions, SendOptions} from '../../core/options.js';
import type {Chat} from '../../core/model.js';
import type {Reply} from '../../core/reply.js';
import {hasColor} from '../../output/terminal/color.js';
import type {ChatDeps, RunOptions, SlashCommand} from '../../ui/chat.js';
import {
  addBotOptions,
  addNewChatOptions,
  type BotFlags,
  botOptions,
  type NewChatFlags,
  readSystem,
} from '../shared/options/bot-options.js';
import {pointsText} from '../../output/format/bot-facts.js';
import {chatImages} from '../shared/view/show-images.js';
import {addRetries, type RetriesFlags} from '../shared/options/retries-option.js';
import {addMaxPoints} from '../shared/view/show-reply.js';
import {chatTemplates} from '../shared/chat-templates.js';
import {chatLists} from '../shared/view/chat-lists.js';
import {inSlashTerms} from '../shared/slash-terms.js';
import {readChat} from '../chats/history-show.js';
import {writeNewFile} from '../shared/write-new-file.js';
import {UnlistedChats} from '../shared/unlisted-chats.js';
import {ListedPrices} from '../../context/spending/listed-prices.js';
import {promptHistoryPath} from '../../context/prompt-history-path.js';

interface ChatFlags extends BotFlags, NewChatFlags, RetriesFlags {
  bot?: string;
  chat?: string;
  maxPoints?: number;
  screenReader?: boolean;
  notify?: boolean;
  // Another name of --temporary.
  save?: boolean;
}

export const chat = (context: Context) =>
  addRetries(
    addMaxPoints(
      addNewChatOptions(
        addBotOptions(
          new Command('chat')
            .summary('Chat with a bot in the terminal')
            .description(
              'Chat with a bot interactively. Replies appear as they are written. Type /help in the chat to list its commands.',
            )
            .argument('[message...]', 'First message')
            .option('-b, --bot <bot>', "Bot handle (default: the chat's or account's bot)")
            .option('-c, --chat <chat>', 'Chat to continue: ID, code, URL, or "last"'),
        ),
      ),
    ),
  )
    .option('--screen-reader', 'Disable animation and print each reply when it is complete')
    .option('--notify', 'Notify when a reply arrives while the terminal is in the background')
    .addOption(new Option('--no-screen-reader').hideHelp())
    .addOption(new Option('--no-notify').hideHelp())
    .addOption(new Option('--no-save').hideHelp())
    .action(async (words: string[], {bot, chat, screenReader, notify, ...flags}: ChatFlags, command: Command) => {
      const isTemporary = flags.temporary === true || flags.save === false;
      const {io, signal} = context;
      if (isTemporary && chat !== undefined) {
        throw new PoeError('usage', '--temporary cannot be combined with --chat', {
          hint: 'An existing chat cannot become temporary.',
        });
      }
      if (!io.stdin.isTTY || !io.stdout.isTTY) {
        throw new PoeError('usage', 'A chat requires a terminal', {hint: 'In pipes and scripts use: poe send "…"'});
      }
      const system = await readSystem(flags.system);
      const unlisted = new UnlistedChats(isTemporary);
      const deps = await depsOf(context, command.parent ?? command, flags, unlisted);
      const {runChat} = await import('../../ui/chat.js');
      const isForScreenReader = screenReader ?? io.env.INK_SCREEN_READER === 'true';
      const notifies = notify ?? !['', '0'].includes(io.env.POE_NOTIFY ?? '');
      const images = isForScreenReader ? undefined : deps.images;
      const start = {bot, chat, message: words.join(' '), system};
      const last = await runChat({...deps, images, isForScreenReader, notifies}, start);
      if (last && !unlisted.has(last)) noteHowToContinue(context, last, command.optsWithGlobals<{profile?: string}>());
      if (signal.aborted) throw new PoeError('interrupted', 'Interrupted');
    });

async function depsOf(
  context: Context,
  root: Command,
  flags: Omit<ChatFlags, 'bot' | 'chat'>,
  unlisted: UnlistedChats,
): Promise<Omit<ChatDeps, 'isForScreenReader' | 'notifies'>> {
  const {io, signal, client} = context;
  const options = {
    ...botOptions(flags),
    retries: flags.retries,
    maxPoints: flags.maxPoints,
  };
  await context.requireBackend(await context.withSettings(options));
  const {sandbox, quiet} = root.opts<{sandbox?: boolean; quiet?: boolean}>();
  /** The chat of a reply becomes the last one, however the reply ends. */
  const remember = async ({chat}: Reply) => {
    if (!unlisted.has(chat)) await context.remember(chat.toJSON());
  };
  const prices = new ListedPrices(client.bots, {
    cache: () => context.cache(),
    ...(context.isLocalServer && {minIntervalMs: 0}),
  });
  let slashCommands: Promise<SlashCommand[]> | undefined;
  return {
    async send(text, {isAside = false, parameters = {}, ...to}) {
      const own = {...options, ...withParameters(options, parameters)};
      const isTemporary = unlisted.isNext(to.chat);
      const reply = await withLogin(context, async () =>
        client.send(text, await context.withSettings({...to, ...own, isTemporary})),
      );
      unlisted.follow(reply.chat, to.chat);
      if (!isAside) await remember(reply);
      return reply;
    },
    async retry(chat, {parameters = {}, ...how}) {
      // Poe regenerates a reply with the parameters of its message.
      const isLocal = await client.isLocal(chat);
      const own = isLocal ? {...options, ...withParameters(options, parameters)} : withoutParameters(options);
      const reply = await withLogin(context, async () =>
        client.messages.retry(chat, await context.withSettings({...own, ...how, chat})),
      );
      await remember(reply);
      return reply;
    },
    attach: (chat, how) => withLogin(context, () => client.messages.attach(chat, how)),
    isLocal: async (chat) => (chat ? client.isLocal(chat) : (await client.backendFor(options)) === 'api'),
    async bot(name) {
      const wanted = name ?? (await context.withSettings<SendOptions>(options)).bot;
      const bot = await withLogin(context, () =>
        wanted === undefined ? client.account.defaultBot({signal}) : client.bots.resolve(wanted, {signal}),
      );
      prices.see(bot);
      const rates = bot.pricesUsd === undefined ? null : pointsText({pricesUsd: bot.pricesUsd});
      return {handle: bot.handle, price: bot.displayMessagePointPrice, rates};
    },
    listedPrice: (handle, stop) => prices.of(handle, stop),
    balance: async () => (await client.account.balance({signal})).points,
    images: !context.showsImages || io.env.TERM === 'dumb' ? undefined : (ask) => chatImages(context, ask),
    watchConnection: (watcher) => void client.watchConnection(watcher),
    terminal: {stdin: io.stdin, stdout: io.stdout},
    signal,
    env: io.env,
    settings: context.settings,
    theme: context.settings.get('theme'),
    wrap: context.settings.get('wrap'),
    isDumb: io.env.TERM === 'dumb',
    isQuiet: quiet === true,
    isTemporary: unlisted.areNew,
    account: sandbox ? 'sandbox' : await accountName(context, options),
    color: hasColor({env: io.env, color: root.opts().color !== false}, io.stdout),
    historyPath: await promptHistoryPath(context),
    chat: (name, which = 'last') => readChat(context, name, which === 'all' ? undefined : 20),
    writeNewFile,
    redirectNotes: (writeLine) => context.output.redirectNotes(writeLine),
    run: (words, terminal) => runCaptured(context, words, terminal),
    commands() {
      slashCommands ??= context.tree().then((tree) =>
        chatCommandsOf(tree).map((each, _index, all) =>
          slashCommand(
            each,
            all.map((one) => one.name()),
          ),
        ),
      );
      return slashCommands;
    },
    async remember(reply) {
      if (unlisted.has(reply.chat)) return;
      await context.remember(reply.chat);
      await context.see(reply);
    },
    ...chatLists(context, options, prices),
    ...chatTemplates(context),
    toError: (error) =>
      isSystemError(error) ? new PoeError('file', error.message, {cause: error}) : context.toError(error),
  };
}

/** Says how to continue a chat after it was left. The sandbox is gone then. */
function noteHowToContinue({output, keepsChats}: Context, chat: Chat, {profile}: {profile?: string}): void {
  if (!keepsChats) return;
  const account = profile === undefined ? '' : ` --profile ${profile}`;
  output.note(`To continue this chat: poe chat${account} -c ${chat.chatCode ?? chat.chatId}`);
}

const withoutParameters = ({parameters: _parameters, effort: _effort, ...others}: RetryOptions): RetryOptions => others;

/** Adds the parameters that were set in the chat to those of the command line. */
const withParameters = (
  {parameters}: Pick<SendOptions, 'parameters'>,
  inChat: Readonly<Record<string, string>>,
): Pick<SendOptions, 'parameters'> =>
  Object.keys(inChat).length === 0 ? {parameters} : {parameters: {...parameters, ...inChat}};

/** Whose points a chat spends. */
async function accountName({profile, client}: Context, options: SendOptions): Promise<string> {
  if (profile !== 'default') return profile;
  return (await client.backendFor(options)) === 'api' ? 'API key' : 'browser session';
}

/** After Poe rejects the login, read the tokens again: the user may have logged in elsewhere. */
async function withLogin<T>({webProfile}: Context, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof PoeError) || !loginErrors.has(error.code)) throw error;
    await webProfile.reopen();
    if (webProfile.requestedTokens().pB !== undefined) throw error;
    throw error.with({hint: undefined, remedy: 'log_in'});
  }
}

const loginErrors: ReadonlySet<ErrorCode> = new Set(['bad_tokens', 'bad_form_key', 'not_logged_in']);

const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

/** Commands that are useless in a chat, or replaced by it. */
const notInChat = new Set([
  'send',
  'chat',
  'compare',
  'batch',
  'login',
  'logout',
  'mcp',
  'serve',
  'completion',
  'sandbox',
  'help',
  // In a chat, /bot is another command.
  'bot',
]);

const chatCommandsOf = ({commands}: Pick<Command, 'commands'>): Command[] =>
  commands.filter((each) => !notInChat.has(each.name()));

function slashCommand(command: Command, names: readonly string[]): SlashCommand {
  const [first, ...more] = command.registeredArguments.map((argument) => argument.name());
  const takesChat = !first?.endsWith('chat') ? 'never' : more.length > 0 ? 'first' : 'alone';
  const args = first === undefined ? [] : takesChat === 'first' ? more : [first, ...more];
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    group: command.helpGroup(),
    takesChat,
    completes: args.flatMap((name) => completionKinds[name] ?? []),
    needsArgument: needsArgument(command, takesChat),
    help: () => slashHelp(command, takesChat, names),
  };
}

/** Whether a command does nothing without an argument, apart from the current chat. */
const needsArgument = ({registeredArguments}: Command, takesChat: SlashCommand['takesChat']): boolean =>
  registeredArguments[takesChat === 'never' ? 0 : 1]?.required === true;

/** How a command is typed in the chat, and its options. */
function slashHelp(command: Command, takesChat: SlashCommand['takesChat'], names: readonly string[]): string {
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
  const lines = [
    [`/${command.name()}`, ...subcommands, ...args].join(' '),
    command.summary() || command.description(),
    ...rows.map(([term, description]) => `  ${term.padEnd(width)}  ${description}`),
  ];
  return inSlashTerms(lines.join('\n'), names);
}

/** The words that complete an argument, by the argument's name. */
const completionKinds: Record<string, SlashCommand['completes'][number]> = {
  bot: 'bots',
  handle: 'bots',
  chat: 'chats',
  category: 'categories',
  file: 'files',
  path: 'files',
};

/** Runs a command. @returns its output for a terminal of that width, and its error */
async function runCaptured(
  context: Context,
  words: readonly string[],
  {columns, ask, signal, hintOf}: RunOptions,
): Promise<{text: string; error?: PoeError}> {
  let text = '';
  const capture = () => {
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString('utf8');
        done();
      },
    });
    return Object.assign(stream, {columns, isTTY: true});
  };
  const env = {...context.io.env, TERM: 'dumb'};
  const names = chatCommandsOf(await context.tree()).map((each) => each.name());
  const wordNote = (note: string) => inSlashTerms(note, names);
  const io = {stdin: Readable.from([]), stdout: capture(), stderr: capture(), env, ask, wordNote};
  try {
    await context.run(words, io, signal, hintOf);
    return {text};
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    if (loginErrors.has(error.code)) await context.webProfile.reopen();
    return {text, error};
  }
}
