import type {Cost} from '../account.js';
import {interruption, PoeError} from '../errors.js';
import type {SendOptions} from '../options.js';
import type {Reply, ReplyResult} from '../reply.js';
import {inOrderOfEnd} from './in-order-of-end.js';
import {RateLimit} from './rate-limit.js';
import {fatalErrors} from './fatal-errors.js';

/** A prompt of a batch. */
export interface BatchPrompt {
  /** Identifies its result. */
  id: string;
  text: string;
}

/** Options of `batch`. Those of a message apply to each prompt. */
export interface BatchOptions extends Omit<
  SendOptions,
  'chat' | 'branchAt' | 'replyTo' | 'onUpload' | 'onFallbackBot'
> {
  /** How many prompts to send at once. Default: 8 with an API key, 1 with a browser session. */
  concurrency?: number | undefined;
  /** How many prompts to send in a minute. Default: 500, Poe's limit for an API key. */
  perMinute?: number | undefined;
  /** When it is aborted, no other prompt is sent, and the batch ends with `interrupted` after the replies that have started. */
  stop?: AbortSignal | undefined;
  /** Called before a prompt is sent: from now on, it may be charged. */
  onStart?: ((prompt: BatchPrompt) => void) | undefined;
  /** Called before the batch waits because Poe limits requests, with the time in milliseconds. */
  onPause?: ((ms: number) => void) | undefined;
  /** Called with a prompt that was certainly not processed: it is sent again later, or an error ends the batch. */
  onNotSent?: ((prompt: BatchPrompt) => void) | undefined;
}

/** The result of a prompt. */
export interface BatchResult {
  id: string;
  bot: string;
  /** What arrived, also if there is an error. */
  text: string;
  state: ReplyResult['state'];
  points: ReplyResult['points'];
  /** The cost by the bot's prices and the tokens of the reply, if Poe does not tell it; null if it tells, or the prices are unknown. */
  estimatedCost: number | null;
  error: PoeError | null;
}

/** Pauses after a prompt was rejected by a rate limit, if Poe does not say how long to wait. It was certainly not processed. */
const rateLimitPausesMs = [5_000, 15_000, 30_000, 60_000, 60_000];
/** If Poe asks for more, the batch ends. */
const maxPauseMs = 3_600_000;

export interface BatchBackend {
  send(text: string, options: SendOptions): Promise<Reply>;
  /** The cost of a reply that does not tell it. */
  costOf(reply: ReplyResult): Promise<Cost>;
  /** Frees what a finished reply takes. */
  release(reply: Reply): Promise<void>;
}

/**
 * Sends each prompt to a bot, in a chat of its own.
 * @returns the results, in the order in which the replies end. A prompt that fails does not affect the others
 * @throws PoeError if the following prompts would fail, too: for example `over_budget`, `out_of_points` or `bad_tokens`. The
 *   replies that had started are yielded before; the prompt that failed, and those after it, have no result
 */
export async function* batchPrompts(
  backend: BatchBackend,
  prompts: Iterable<BatchPrompt> | AsyncIterable<BatchPrompt>,
  {concurrency = 1, perMinute = 500, onStart, onNotSent, onPause, signal, stop, ...options}: BatchOptions,
): AsyncGenerator<BatchResult, void, undefined> {
  const rate = new RateLimit(perMinute);
  const ended: {by?: PoeError} = {};
  const isOver = () => {
    if (stop?.aborted) ended.by ??= interruption(stop);
    return ended.by !== undefined;
  };
  let either: AbortSignal | undefined;
  const untilStopped = (shared: AbortSignal) => (either ??= stop ? AbortSignal.any([shared, stop]) : shared);
  const untilFailure = async function* () {
    for await (const prompt of prompts) {
      if (isOver()) return;
      yield prompt;
    }
  };
  const run = async (prompt: BatchPrompt, shared: AbortSignal): Promise<BatchResult | undefined> => {
    for (let tries = 0; ; tries++) {
      await rate.take(untilStopped(shared)).catch((error: unknown) => {
        if (!stop?.aborted) throw error;
      });
      if (isOver()) return undefined;
      onStart?.(prompt);
      const result = await runPrompt(backend, prompt, {...options, signal: shared});
      if (result instanceof PoeError) {
        if (result.code !== 'interrupted') onNotSent?.(prompt);
        ended.by ??= result;
        return undefined;
      }
      const {error} = result;
      const pauseMs = error?.code === 'rate_limited' ? pauseAfter(error, tries) : undefined;
      if (!error || pauseMs === undefined) return result;
      onNotSent?.(prompt);
      if (pauseMs > maxPauseMs) {
        ended.by ??= error;
        return undefined;
      }
      if (rate.pause(pauseMs)) onPause?.(pauseMs);
    }
  };
  for await (const result of inOrderOfEnd(untilFailure(), run, {concurrency, signal})) if (result) yield result;
  isOver();
  if (ended.by) throw ended.by;
}

/** How long to wait after a prompt was rejected by a rate limit; undefined after too many times. */
function pauseAfter({facts: {retryAfterS}}: PoeError, tries: number): number | undefined {
  const pauseMs = rateLimitPausesMs[tries];
  return pauseMs === undefined || retryAfterS === undefined ? pauseMs : retryAfterS * 1000;
}

/** @returns an error that the following prompts would have, too */
async function runPrompt(
  backend: BatchBackend,
  {id, text}: BatchPrompt,
  options: SendOptions,
): Promise<BatchResult | PoeError> {
  let reply: Reply | undefined;
  let error: PoeError | null = null;
  try {
    reply = await backend.send(text, options);
    await reply.result();
  } catch (reason) {
    if (!(reason instanceof PoeError)) throw reason;
    // The ledger cannot be read, for example. Nothing was sent.
    const isNotSent = reason.code === 'store' && !reply;
    if (isNotSent || fatalErrors.has(reason.code)) return reason;
    error = reason;
  } finally {
    if (reply) await backend.release(reply);
  }
  const {state = 'failed', bot = options.bot ?? '', points = {cost: null, balance: null}} = reply?.current ?? {};
  const isAsked = points.cost === null && error === null;
  const cost = reply && isAsked ? await backend.costOf(reply.current) : {points: points.cost, isEstimate: false};
  const [knownCost, estimatedCost] = cost.isEstimate ? [null, cost.points] : [cost.points, null];
  return {id, bot, text: reply?.text ?? '', state, points: {...points, cost: knownCost}, estimatedCost, error};
}
