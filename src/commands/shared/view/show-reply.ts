import {type Command, Option} from 'commander';
import type {Context} from '../../../context/context.js';
import type {Cost} from '../../../core/account.js';
import {PoeError} from '../../../core/errors.js';
import type {SendOptions} from '../../../core/options.js';
import type {Reply, ReplyResult, TokenUsage} from '../../../core/reply.js';
import {dateTime} from '../../../output/format/time.js';
import {videoProgress} from '../../../output/format/video-progress.js';
import {firstCodeBlock} from '../../../output/markdown/code-block.js';
import type {ReplyView} from '../../../output/reply/reply-view.js';
import {stopNotes} from '../../../output/reply/reply-notes.js';
import {notification} from '../../../output/terminal/notification.js';
import type {ShownSpinner} from '../../../output/terminal/spinner.js';
import {settingParser} from '../options/setting-parser.js';
import {showReplyImages} from './show-images.js';

/** How to print a reply, and what else to print. */
export interface ReplyFlags {
  streamJson?: boolean;
  info?: boolean;
  share?: boolean;
  extract?: boolean;
  /** Where to save the files of the reply, instead of printing its text. */
  output?: string;
  force?: boolean;
  /** Notify the user when the reply has ended. */
  notify?: boolean;
}

export function addReplyOptions(command: Command): Command {
  return command
    .option('--info', 'Print the chat, cost and remaining points to stderr')
    .option('--share', 'Share the exchange and print the link to stderr')
    .option('-x, --extract', 'Print only the first code block of the reply')
    .option('--stream-json', 'Print each event as a line of JSON')
    .addOption(new Option('--no-info').hideHelp());
}

export function addMaxPoints(command: Command): Command {
  return command.option('--max-points <points>', 'Do not send if it may cost more', settingParser('max-points'));
}

interface Request {
  /** Shown on a terminal until the reply begins. */
  text: string;
  /** The options of the message or reply. They are checked before anything starts. */
  options: SendOptions;
  /** Prints the reply, instead of what the flags request. */
  view?: ReplyView | undefined;
  /** Called when the message can be sent, before anything is shown. */
  before?: () => Promise<void>;
  /** Accept a reply that was cancelled elsewhere; by default that is an error. */
  acceptsCancelled?: boolean;
}

/**
 * Prints a reply as it arrives, and the details that flags request.
 * @param start sends the message, and may update the text that is shown until the reply begins
 * @throws PoeError
 */
export async function showReply(
  context: Context,
  {text: waiting, options, view: ownView, before, acceptsCancelled = false}: Request,
  flags: ReplyFlags,
  start: (update: (text: string) => void) => Promise<Reply>,
): Promise<ReplyResult> {
  const {output} = context;
  if (flags.extract && flags.streamJson) {
    throw new PoeError('usage', '--extract and --stream-json cannot be combined', {
      hint: 'Use --extract with --json, or alone.',
    });
  }
  if (flags.output !== undefined && (flags.extract || flags.streamJson)) {
    throw new PoeError('usage', '--output cannot be combined with --extract or --stream-json', {
      hint: 'Use --output with --json, or alone.',
    });
  }
  const view = ownView ?? (await viewOf(context, flags));
  let isShown = false;
  let reply: Reply | undefined;
  let spinner: ShownSpinner | undefined;
  try {
    await context.requireBackend(options);
    await before?.();
    const shown = (spinner = await output.startSpinner(waiting));
    const started = (reply = await start((text) => shown.update(text)));
    const remembered = options.isTemporary ? undefined : context.remember(started.chat.toJSON());
    view.start(started.current);
    try {
      for await (const event of started) {
        if (event.type === 'progress') spinner.update(`${started.bot} is ${videoProgress(event)}`);
        else spinner.stop();
        view.event(event, started.text, started.current);
      }
    } finally {
      await remembered;
    }
    const result = await started.result();
    spinner.stop();
    for (const note of stopNotes(result)) output.note(note);
    if (result.state === 'cancelled' && !acceptsCancelled) throw cancelledElsewhere();
    if (!options.isTemporary) await context.see(result);
    await finish(context, started, result, {...flags, hasImages: !flags.extract && !ownView}, (shown) => {
      isShown = true;
      return view.done(shown);
    });
    return result;
  } catch (error) {
    spinner?.stop();
    if (error instanceof PoeError && !isShown) {
      if (reply && !flags.streamJson) output.keepPartial(reply.current);
      const {code, message, retryable} = error;
      await view.failed({code, message, retryable, hint: context.hintOf(error)});
    }
    throw error;
  } finally {
    if (flags.notify && reply) notify(context, reply.bot);
  }
}

function notify({io}: Context, bot: string): void {
  if (io.stderr.isTTY && io.env.TERM !== 'dumb') io.stderr.write(notification(bot, io.env));
}

async function viewOf(context: Context, {extract, output: path, force = false, streamJson = false}: ReplyFlags) {
  if (extract) return codeView(context);
  if (path === undefined) return context.output.reply({asEvents: streamJson});
  const {filesView} = await import('../save-files.js');
  return filesView(context, {path, mayReplace: force});
}

const cancelledElsewhere = () =>
  new PoeError('bot_failed', 'The reply was cancelled before it was complete', {
    hint: 'It was stopped on poe.com or by another program. Send the message again.',
  });

/** Text is printed before the details that flags request. JSON includes the details, so it is printed last. */
async function finish(
  context: Context,
  reply: Reply,
  result: ReplyResult,
  flags: ReplyFlags & {hasImages: boolean},
  show: (reply: ReplyResult & {shareUrl?: string | null}) => void | Promise<void>,
) {
  const isData = context.output.isJson || flags.streamJson === true;
  if (!isData) await show(result);
  if (!isData && flags.output === undefined && flags.hasImages) noteHowToSave(context, result);
  if (!isData && flags.hasImages) await showReplyImages(context, result);
  const info = flags.info ? await infoOf(context, reply) : undefined;
  const link = flags.share ? await reply.share({signal: context.signal}).catch(asFailure) : undefined;
  const shareUrl = typeof link === 'string' ? link : null;
  const points = info ? {cost: info.cost.points, balance: info.balance} : result.points;
  if (isData) await show({...result, points, ...(flags.share && {shareUrl})});
  else if (info) printInfo(context, result, info);
  if (shareUrl !== null && !isData) context.output.info(shareUrl);
  if (link instanceof PoeError) throw link;
}

/** Files that only poe can read are of no use at their URLs. */
function noteHowToSave({output, keepsChats}: Context, {chat, attachments, job}: ReplyResult): void {
  const isPrivate = job !== undefined || attachments.some(({url}) => url !== null && !/^https?:/i.test(url));
  if (!isPrivate || attachments.length === 0) return;
  const until = job?.expiresAt ? ` until ${dateTime(job.expiresAt)}` : '';
  const what = attachments.length === 1 ? 'it' : 'them';
  output.note(keepsChats ? `Save ${what}${until} with: poe save ${chat.chatCode}` : `To save ${what}, add -o <path>.`);
}

interface Info {
  cost: Cost;
  balance: number | null;
}

/** The reply is already printed, so a failure here is only a note. */
async function infoOf({client, output, signal}: Context, reply: Reply): Promise<Info> {
  const {via} = reply.current;
  const [cost, balance] = await Promise.all([
    reply.cost({signal}).catch(asFailure),
    client.account.balance({via, signal}).catch(asFailure),
  ]);
  for (const failure of new Set([cost, balance])) {
    if (failure instanceof PoeError) output.note(`Could not get the points: ${failure.message}`);
  }
  return {
    cost: cost instanceof PoeError ? {points: null, isEstimate: false} : cost,
    balance: balance instanceof PoeError ? null : balance.points,
  };
}

function printInfo(
  {output}: Context,
  {chat, bot, reasoning, usage, via, protocol}: ReplyResult,
  {cost, balance}: Info,
): void {
  const {points, isEstimate} = cost;
  const lines: [string, string | null][] = [
    ['Chat', chat.title],
    ['ID', String(chat.chatId)],
    ['Code', chat.chatCode],
    ['Bot', bot],
    ['Cost', points === null ? 'unknown' : `${counted(points)}${isEstimate ? ' (estimate)' : ''}`],
    ['Tokens', usage ? tokensText(usage) : null],
    ['Thought', reasoning ?? null],
    ['Via', via === 'api' ? `API key${protocol ? ` (${protocol})` : ''}; the chat is stored on this machine` : null],
    ['Left', balance === null ? 'unknown' : counted(balance)],
  ];
  for (const [label, value] of lines) if (value !== null) output.info(`${label.padEnd(7)} ${value}`);
}

function tokensText({promptTokens, completionTokens, cachedTokens}: TokenUsage): string {
  const count = (tokens: number | null) => tokens?.toLocaleString('en') ?? '?';
  const cached = cachedTokens ? ` (${count(cachedTokens)} from the cache)` : '';
  return `${count(promptTokens)} read${cached}, ${count(completionTokens)} written (Poe's estimate)`;
}

const counted = (points: number) => `${points.toLocaleString('en')} ${points === 1 ? 'point' : 'points'}`;

function asFailure(error: unknown): PoeError {
  if (error instanceof PoeError && error.code !== 'interrupted') return error;
  throw error;
}

/** Prints only the first code block, once the reply is complete. */
const codeView = ({output, keepsChats}: Context): ReplyView => ({
  start() {},
  event() {},
  async done(reply) {
    const code = await firstCodeBlock(reply.text);
    if (code === undefined) {
      const chat = String(reply.chat.chatCode ?? reply.chat.chatId);
      const next = keepsChats ? {remedy: 'show_reply' as const, chat} : {hint: 'To print the whole reply, omit -x.'};
      throw new PoeError('no_code', 'The reply has no code block', next);
    }
    output.result({...reply, text: code}, ({text}) => text);
  },
  failed() {},
});
