import {createParser} from 'eventsource-parser';
import {PoeError} from '../../errors.js';
import type {StartedBody} from './content-kind.js';
import {type ChunkSource, eagerBuffer} from './eager-buffer.js';

/** One event may contain a whole reply. Comments are counted like an event that does not end. */
const maxEventBytes = 64 * 1024 * 1024;
/** A word may take an event of some hundred bytes. */
const maxStreamBytes = 2 * 1024 * 1024 * 1024;

/** A server-sent event. */
export interface ServerEvent {
  /** '' if the event has no name. */
  name: string;
  data: string;
}

/** The events of a response. See `parseEvents`. */
export const eventsOf = (source: ChunkSource<Uint8Array>): AsyncGenerator<ServerEvent[], void, undefined> =>
  parseEvents({first: [], rest: eagerBuffer(source)});

/**
 * Parses server-sent events and yields those that arrived together. Comments and empty events are skipped.
 * @throws PoeError `reply_lost` if the stream or one event is larger than any reply; as the body
 */
export async function* parseEvents(
  {first, rest}: StartedBody,
  {maxBytes = maxStreamBytes}: {maxBytes?: number} = {},
): AsyncGenerator<ServerEvent[], void, undefined> {
  const decoder = new TextDecoder();
  const parsed: ServerEvent[] = [];
  let isTooLarge = false;
  let bytes = 0;
  let bytesSinceEvent = 0;
  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent: ({event = '', data}) => void parsed.push({name: event, data}),
    onError: ({type}) => void (isTooLarge ||= type === 'max-buffer-size-exceeded'),
  });
  const read = (chunks: readonly Uint8Array[]) => {
    for (const chunk of chunks) {
      bytes += chunk.byteLength;
      bytesSinceEvent += chunk.byteLength;
      isTooLarge ||= bytes > maxBytes;
      if (!isTooLarge) parser.feed(decoder.decode(chunk, {stream: true}));
    }
    const events = parsed.splice(0).filter(isNotEmpty);
    if (events.length > 0) bytesSinceEvent = 0;
    isTooLarge ||= bytesSinceEvent > maxEventBytes;
    return events;
  };
  const early = read(first);
  if (early.length > 0) yield early;
  if (isTooLarge) throw replyTooLarge();
  for await (const chunks of rest) {
    const events = read(chunks);
    if (events.length > 0) yield events;
    if (isTooLarge) throw replyTooLarge();
  }
  // Some servers omit the empty line after the last event. An event that was cut off is discarded.
  parser.feed('\n\n');
  yield parsed.splice(0).filter((event) => isNotEmpty(event) && isComplete(event));
}

const isNotEmpty = ({name, data}: ServerEvent): boolean => name !== '' || data.trim() !== '';

function isComplete({data}: ServerEvent): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return /^(?:\s*|\[DONE\])$/.test(data.trim());
  }
}

/** Whether the data is JSON. Servers and proxies between also send words and times, to keep the connection open. */
export const isJson = ({data}: ServerEvent): boolean => /^\s*[{"]/.test(data);

/** Parses the JSON of an event. @throws PoeError `reply_lost` */
export function parseEventData({data}: ServerEvent): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new PoeError('reply_lost', "Poe's API sent an event that is not valid JSON", {
      hint: 'Try again, or look for a newer version of poe.',
      cause: error,
    });
  }
}

/** The stream ended without its end marker. */
export const endedEarly = (): PoeError =>
  new PoeError('reply_lost', "The reply ended early: Poe's API closed the connection", {
    hint: 'What arrived is stored in the chat and may have been charged.',
    remedy: 'retry_reply',
  });

/** The stream is larger than any reply. */
export const replyTooLarge = (): PoeError =>
  new PoeError('reply_lost', 'The reply ended early: it is larger than any reply of a bot', {
    hint: 'What arrived is stored in the chat and may have been charged.',
    remedy: 'retry_reply',
  });
