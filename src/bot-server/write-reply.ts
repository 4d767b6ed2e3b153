import type {ServerResponse} from 'node:http';
import type {BotOutput} from './bot.js';
import {type BotEvent, doneText, eventText, parseOutput, pingText} from './events.js';
import {isReplyError} from './reply-error.js';
import {whenAborted} from '../core/http/when-aborted.js';

export interface ReplyLimits {
  /** Milliseconds until the end of a reply. */
  maxReplyMs: number;
  /** The number of events of a reply. */
  maxEvents: number;
}

interface WriteOptions extends ReplyLimits {
  /** Aborted to end the reply with an error. */
  stopping: AbortSignal;
  /** Aborted when the client is gone, and when the time is over. */
  ended: AbortController;
  /** Called with what the bot throws. */
  onFailure: (error: unknown) => void;
}

const pingMs = 15_000;

/** Shown to users for anything but a ReplyError. What a bot throws may contain secrets. */
const unexpected: BotEvent = {type: 'error', text: 'The bot encountered an unexpected issue.', allowRetry: false};

class LimitError extends Error {}

/** Sends the output of a bot as events, and ends the response. Never rejects. */
export async function writeReply(
  outputs: AsyncIterable<BotOutput>,
  response: ServerResponse,
  {maxReplyMs, maxEvents, stopping, ended, onFailure}: WriteOptions,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Some proxies would hold the events back.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.once('close', () => ended.abort());
  const timeLimit = setTimeout(() => ended.abort(new LimitError('The bot took too long to reply.')), maxReplyMs);
  const stop = () => ended.abort(new LimitError('The bot is being restarted.'));
  whenAborted(stopping, stop);
  const pings = setInterval(() => void response.write(pingText), pingMs);
  try {
    for await (const event of eventsOf(outputs, ended.signal, maxEvents)) await write(response, eventText(event));
  } catch (error) {
    if (response.destroyed) return;
    if (!(error instanceof LimitError)) onFailure(error);
    await write(response, eventText(errorEvent(error)));
  } finally {
    clearTimeout(timeLimit);
    clearInterval(pings);
    stopping.removeEventListener('abort', stop);
    // As fastapi_poe, which also ends a reply with an error in this way.
    response.end(doneText());
    ended.abort();
  }
}

function errorEvent(error: unknown): BotEvent {
  if (error instanceof LimitError) return {type: 'error', text: error.message, allowRetry: true};
  if (!isReplyError(error)) return unexpected;
  return {type: 'error', text: error.message, allowRetry: error.allowRetry, errorType: error.errorType};
}

/** The events of a reply, up to the first error. @throws what the bot throws; a LimitError */
async function* eventsOf(
  outputs: AsyncIterable<BotOutput>,
  signal: AbortSignal,
  maxEvents: number,
): AsyncGenerator<BotEvent, void, undefined> {
  const iterator = outputs[Symbol.asyncIterator]();
  const text = new WholeCharacters();
  try {
    for (let count = 0; ; count++) {
      const next = await unlessAborted(iterator.next(), signal);
      if (next.done) break;
      if (count >= maxEvents) throw new LimitError('The reply has too many events.');
      const event = text.complete(parseOutput(next.value));
      if (event.type === 'text' && event.text === '') continue;
      yield event;
      if (event.type === 'error') return;
    }
  } finally {
    // A bot that is waiting for something does not keep the response open.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Rejects with the reason of the signal as soon as it is aborted. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Moves the first half of a character that two pieces of text share to the second piece. Other programs decode each piece by
 * itself, and would lose the character.
 */
class WholeCharacters {
  #half = '';

  complete(event: BotEvent): BotEvent {
    if (event.type === 'replace_response') this.#half = '';
    if (event.type !== 'text' && event.type !== 'replace_response') return event;
    const text = this.#half + event.text;
    const hasHalf = /[\uD800-\uDBFF]$/.test(text);
    this.#half = hasHalf ? text.slice(-1) : '';
    return {...event, text: (hasHalf ? text.slice(0, -1) : text).replaceAll(loneHalf, '\uFFFD')};
  }
}

/** Half of a character without the other one, which is no valid Unicode. */
const loneHalf = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Waits while the client reads slowly. */
function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
