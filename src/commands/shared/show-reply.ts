import {type Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Reply, ReplyResult} from '../../core/reply.js';
import {firstCodeBlock} from '../../output/markdown/code-block.js';
import type {ReplyView} from '../../output/reply/reply-view.js';
import {stopNotes} from '../../output/reply/reply-notes.js';

/** How a reply is to be shown, and what is wanted besides. */
export interface ReplyFlags {
  streamJson?: boolean;
  info?: boolean;
  share?: boolean;
  extract?: boolean;
}

export function addReplyOptions(command: Command): Command {
  return command
    .option('--info', 'Print the chat, cost and remaining points to stderr')
    .option('--share', 'Share the exchange and print the link to stderr')
    .option('-x, --extract', 'Print only the first code block of the reply')
    .option('--stream-json', 'Print each event as a line of JSON');
}

/** What Poe's API has no way to do is refused before anything is sent. @throws PoeError */
export function rejectWebOnlyOptions({share, maxPoints}: ReplyFlags & {maxPoints?: number}): void {
  if (share) {
    throw new PoeError('not_logged_in', 'Links to what was said need a chat on Poe, and the session of a browser', {
      hint: 'Log in with: poe login',
    });
  }
  if (maxPoints === undefined) return;
  throw new PoeError('usage', 'A limit of points cannot be held with an API key: Poe tells prices by the token', {
    hint: 'Leave --max-points out. poe bot-info <bot> --via api tells the price.',
  });
}

export function addMaxPoints(command: Command): Command {
  return command.option('--max-points <points>', 'Do not send if the bot costs more', points);
}

interface Waiting {
  /** What is said on a terminal until the first word. */
  text: string;
  /** Whether a reply that was cut short is good enough; else it is an error. */
  takesCancelled?: boolean;
}

/** What a reply is waited for by: `begin` has Poe take a message; the spinner can be told how far it has come. */
export type Begin = (say: (what: string) => void) => Promise<Reply>;

/**
 * Prints a reply as it comes in, and what was asked for besides.
 * @param waiting what to say meanwhile, and what to make of a reply that somebody cancels
 * @throws PoeError
 */
export async function showReply(
  context: Context,
  {text: waiting, takesCancelled = false}: Waiting,
  flags: ReplyFlags,
  begin: Begin,
): Promise<ReplyResult> {
  const {output} = context;
  if (flags.extract && flags.streamJson) {
    throw new PoeError('usage', 'A code block cannot be extracted from a stream of events', {
      hint: 'Use --extract with --json, or without.',
    });
  }
  const spinner = await output.startSpinner(waiting);
  const view = flags.extract ? codeView(context) : await output.reply({asEvents: flags.streamJson ?? false});
  let text = '';
  let isShown = false;
  try {
    const reply = await begin((what) => spinner.update(what));
    // Written while the reply comes in, which need not wait for it.
    const remembered = context.remember(reply.chat.toJSON());
    view.start(reply.current);
    try {
      for await (const step of reply) {
        spinner.stop();
        text = reply.text;
        view.step(step, text);
      }
    } finally {
      await remembered;
    }
    const whole = await reply.result();
    spinner.stop();
    for (const note of stopNotes(whole)) context.output.note(note);
    if (whole.state.startsWith('cancel') && !takesCancelled) throw cancelledElsewhere();
    await context.see(whole);
    await finish(context, reply, whole, flags, (shown) => {
      isShown = true;
      return view.done(shown);
    });
    return whole;
  } catch (error) {
    spinner.stop();
    if (error instanceof PoeError && !isShown) {
      const {code, message, retryable} = error;
      await view.broken({code, message, retryable, hint: context.hintOf(error)}, text);
    }
    throw error;
  }
}

const cancelledElsewhere = () =>
  new PoeError('bot_failed', 'The reply was cancelled on Poe before its end', {
    hint: 'Someone stopped it there: send the message again.',
  });

/** On a terminal and in a pipe the reply ends at once, and what is told besides follows; JSON holds it all. */
async function finish(
  context: Context,
  reply: Reply,
  whole: ReplyResult,
  flags: ReplyFlags,
  show: (reply: ReplyResult & {shareUrl?: string | null}) => void | Promise<void>,
) {
  const isData = context.output.isJson || flags.streamJson === true;
  if (!isData) await show(whole);
  const points = flags.info ? await pointsOf(context, reply) : whole.points;
  const link = flags.share ? await reply.share({signal: context.signal}).catch(whatFailed) : undefined;
  const shareUrl = typeof link === 'string' ? link : null;
  if (isData) await show({...whole, points, ...(flags.share && {shareUrl})});
  else if (flags.info) tellInfo(context, whole, points);
  if (shareUrl !== null && !isData) context.output.info(shareUrl);
  if (link instanceof PoeError) throw link;
}

/** The reply is there, so that what it cost is worth no failure. */
async function pointsOf(context: Context, reply: Reply): Promise<ReplyResult['points']> {
  const {signal} = context;
  const [cost, balance] = await Promise.all([
    reply.cost({signal}).catch(whatFailed),
    balanceOf(context, reply.current).catch(whatFailed),
  ]);
  for (const failed of new Set([cost, balance])) {
    if (failed instanceof PoeError) context.output.note(`The points could not be asked for: ${failed.message}`);
  }
  return {
    cost: cost instanceof PoeError ? null : cost.points,
    balance: balance instanceof PoeError ? null : balance,
  };
}

async function balanceOf(context: Context, {via}: ReplyResult): Promise<number | null> {
  const {signal} = context;
  if (via === 'api') return (await (await context.api()).account.balance({signal})).points;
  const {messagePointInfo} = await (await context.web()).account.settings({signal});
  return messagePointInfo?.messagePointBalance ?? null;
}

function tellInfo(
  {output}: Context,
  {chat, bot, reasoning, usage, via, protocol}: ReplyResult,
  {cost, balance}: ReplyResult['points'],
): void {
  const lines: [string, string | null][] = [
    ['Chat', chat.title],
    ['Number', String(chat.chatId)],
    ['Code', chat.chatCode],
    ['Bot', bot],
    ['Cost', cost === null ? 'not told' : `${counted(cost)}${via === 'api' ? ', as well as can be told' : ''}`],
    [
      'Tokens',
      usage ? `${usage.promptTokens ?? '?'} read, ${usage.completionTokens ?? '?'} written, as Poe estimates` : null,
    ],
    ['Thought', reasoning ?? null],
    ['Way', via === 'api' ? `API key${protocol ? ` (${protocol})` : ''}; the chat is on this machine only` : null],
    ['Left', balance === null ? 'not told' : counted(balance)],
  ];
  for (const [label, value] of lines) if (value !== null) output.info(`${label.padEnd(7)} ${value}`);
}

const counted = (points: number) => `${points.toLocaleString('en')} ${points === 1 ? 'point' : 'points'}`;

function whatFailed(error: unknown): PoeError {
  if (error instanceof PoeError && error.code !== 'interrupted') return error;
  throw error;
}

/** Shows nothing but the first code block, when the reply has come to its end. */
const codeView = ({output}: Context): ReplyView => ({
  start() {},
  step() {},
  done(reply) {
    const code = firstCodeBlock(reply.text);
    if (code === undefined) {
      throw new PoeError('no_code', 'The reply has no fenced code block', {
        hint: `See all of it with: poe attach ${reply.chat.chatCode ?? reply.chat.chatId}`,
      });
    }
    output.result({...reply, text: code}, ({text}) => text);
  },
  broken() {},
});

function points(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number of points.');
}
