import {createParser} from 'eventsource-parser';
import {PoeError} from '../../errors.js';
import {eagerBuffer} from './eager-buffer.js';

/** No event of Poe's is nearly as large: an answer has at most 512,000 characters (2025). */
const maxEvent = 8 * 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

/** One event of a stream. */
export interface ServerEvent {
  /** '' where the stream gives it none. */
  name: string;
  data: string;
}

/**
 * The events of a stream, those that have come together at a time; comments, and events without name and data, are passed over.
 * @throws PoeError `reply_lost` where the stream, or one event, is larger than any answer
 */
export async function* parseEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent[], void, undefined> {
  const decoder = new TextDecoder();
  const arrived: ServerEvent[] = [];
  let isTooLarge = false;
  const parser = createParser({
    maxBufferSize: maxEvent,
    onEvent: ({event = '', data}) => void arrived.push({name: event, data}),
    onError: ({type}) => void (isTooLarge ||= type === 'max-buffer-size-exceeded'),
  });
  for await (const some of eagerBuffer(bounded(chunks))) {
    for (const chunk of some) {
      if (!isTooLarge) parser.feed(decoder.decode(chunk, {stream: true}));
    }
    const events = arrived.splice(0).filter(saysSomething);
    if (events.length > 0) yield events;
    if (isTooLarge) throw streamTooLarge();
  }
  // Some streams end without the empty line that ends an event; what was cut off is none.
  parser.feed('\n\n');
  yield arrived.splice(0).filter((event) => saysSomething(event) && isWhole(event));
}

/** What is taken ahead of its use is limited by this too. */
async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw streamTooLarge();
    yield chunk;
  }
}

const saysSomething = ({name, data}: ServerEvent): boolean => name !== '' || data.trim() !== '';

function isWhole({data}: ServerEvent): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return /^(?:\s*|\[DONE\])$/.test(data.trim());
  }
}

/** What an event says. @throws PoeError `reply_lost` */
export function parseEventData({data}: ServerEvent): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new PoeError('reply_lost', 'Poe’s API sent an event that is not understood', {
      hint: 'Try again; poe may be out of date.',
      cause: error,
    });
  }
}

/** A stream that ended, but not by saying so. */
export const endedEarly = (): PoeError =>
  new PoeError('reply_lost', 'The reply broke off before its end: Poe’s API hung up without saying that it is done', {
    hint: 'What arrived is stored in the chat.',
    remedy: 'retry_reply',
  });

/** A stream of which nothing came. */
export const emptyStream = (cause?: unknown): PoeError =>
  new PoeError('reply_lost', 'Poe’s API took the message, but hung up before the first word of the reply', {
    hint: 'Send it again.',
    cause,
  });

/** A stream that is larger than any answer. */
export const streamTooLarge = (): PoeError =>
  new PoeError('reply_lost', 'The reply broke off: Poe’s API sends more than any answer has', {
    hint: 'What arrived is stored in the chat.',
    remedy: 'retry_reply',
  });
