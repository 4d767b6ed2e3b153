import {PoeError} from '../errors.js';
import type {SendOptions} from '../options.js';
import type {Reply, ReplyResult} from '../reply.js';
import {inOrderOfEnd} from './in-order-of-end.js';

/** Options of `compare`. Those of a message apply to each bot. */
export interface CompareOptions extends Omit<
  SendOptions,
  'bot' | 'chat' | 'branchAt' | 'replyTo' | 'onUpload' | 'onFallbackBot'
> {
  /** Ask all bots at once, instead of one after another. Default: with an API key. */
  isParallel?: boolean | undefined;
  /** Called when a reply of a bot starts, and for each of its changes. */
  onUpdate?: ((bot: string, reply: ReplyResult) => void) | undefined;
}

/** What a bot has replied. */
export interface ComparedReply {
  /** The bot, as it was named. */
  bot: string;
  /** What arrived, also if there is an error. */
  text: string;
  state: ReplyResult['state'];
  points: ReplyResult['points'];
  /** Milliseconds until the reply began; null if it never did. */
  firstWordMs: number | null;
  totalMs: number;
  /** Why the bot did not reply. Other bots are not affected. */
  error: PoeError | null;
  /** The reply, to continue its chat; null if the message could not be sent. */
  reply: Reply | null;
}

/**
 * Asks several bots the same question, each in a new chat.
 * @param send sends a message
 * @returns their replies, in the order in which they end
 * @throws PoeError `interrupted`; `usage` for fewer than two bots
 */
export async function* compareBots(
  send: (text: string, options: SendOptions) => Promise<Reply>,
  text: string,
  bots: readonly string[],
  {isParallel = false, onUpdate, signal, ...options}: CompareOptions,
): AsyncGenerator<ComparedReply, void, undefined> {
  if (bots.length < 2) throw new PoeError('usage', 'Name at least two bots to compare', {remedy: 'name_bot'});
  const ask = (bot: string, shared: AbortSignal) =>
    askBot(bot, () => send(text, {...options, bot, signal: shared}), {onUpdate, signal: shared});
  yield* inOrderOfEnd(bots, ask, {concurrency: isParallel ? bots.length : 1, signal});
}

async function askBot(
  bot: string,
  send: () => Promise<Reply>,
  {onUpdate, signal}: {onUpdate: CompareOptions['onUpdate']; signal: AbortSignal},
): Promise<ComparedReply> {
  const startedAt = performance.now();
  let firstWordMs: number | null = null;
  let reply: Reply | null = null;
  let error: PoeError | null = null;
  try {
    reply = await send();
    onUpdate?.(bot, reply.current);
    for await (const _event of reply) {
      if (reply.text !== '') firstWordMs ??= Math.round(performance.now() - startedAt);
      onUpdate?.(bot, reply.current);
    }
  } catch (reason) {
    if (!(reason instanceof PoeError) || reason.code === 'interrupted') throw reason;
    error = reason;
  }
  const totalMs = Math.round(performance.now() - startedAt);
  const {text = '', state = 'failed', points = {cost: null, balance: null}} = reply?.current ?? {};
  const cost = points.cost ?? (reply && (await costOf(reply, signal)));
  return {bot, text, state, points: {...points, cost}, firstWordMs, totalMs, error, reply};
}

/** A cost that cannot be had is unknown. */
async function costOf(reply: Reply, signal: AbortSignal): Promise<number | null> {
  try {
    return (await reply.cost({signal})).points;
  } catch (error) {
    if (error instanceof PoeError && error.code !== 'interrupted') return null;
    throw error;
  }
}
