import {commonLength, LargeNumberSearch} from '../../http/json.js';
import {parseId} from '../../names/id.js';
import {type ChannelEvent, type Frame, openFrame} from './frame.js';

/** A longer frame would take too much memory. */
const maxKeptLength = 1_000_000;

/**
 * Reads the frames of a channel. While a reply grows, each frame repeats the one before with a longer text: then only what was
 * added is parsed.
 */
export class FrameReader {
  readonly #numbers = new LargeNumberSearch();
  #last: GrowingFrame | undefined;

  /**
   * Reads a frame in two steps, so that the text of a very long one can be freed between them. The second step of a frame may follow the
   * first one of the next frame.
   * @returns the second step. Its result is undefined if the text is not a JSON object
   */
  read(json: string): () => Frame | undefined {
    const last = this.#last;
    this.#last = undefined;
    const grown = last && readGrown(last, json);
    if (grown) {
      this.#last = grown;
      return () => grown.frame;
    }
    const open = openFrame(json, this.#numbers);
    if (!open || json.length > maxKeptLength) return () => open?.();
    const frame = open();
    this.#last = growingFrame(frame, json, last);
    return () => frame;
  }
}

/** A frame with one event that has a text. */
interface GrowingFrame {
  frame: Frame;
  event: ChannelEvent;
  data: {text: string};
  parts: FrameParts;
  /** The length of the JSON up to the end of the text; undefined until that is known. */
  end: number | undefined;
}

/** The JSON of a frame that ends with its position. */
interface FrameParts {
  /** Up to the position. */
  start: string;
  /** The digits of the position. */
  position: string;
  /** What follows. */
  close: string;
}

function growingFrame(frame: Frame, json: string, last: GrowingFrame | undefined): GrowingFrame | undefined {
  const [event, ...more] = frame.events;
  const parts = partsOf(json);
  if (!event || more.length > 0 || !hasText(event.data) || !parts) return undefined;
  const growing = {frame, event, data: event.data, parts, end: undefined};
  return {...growing, end: last && endOfText(last, growing)};
}

const hasText = (data: unknown): data is {text: string} =>
  typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string';

function partsOf(json: string): FrameParts | undefined {
  const [, position, close] = /"min_seq": ?"?(\d{1,20})("?\})$/.exec(json.slice(-60)) ?? [];
  if (position === undefined || close === undefined) return undefined;
  return {start: json.slice(0, -position.length - close.length), position, close};
}

/**
 * Where the text of a frame ends in its JSON, if it differs from the one before only in its position and in what was added to its
 * text. That is a string in JSON in a string, so it ends with `\"`.
 */
function endOfText(last: GrowingFrame, {data, parts}: GrowingFrame): number | undefined {
  const [before, after] = [last.parts.start, parts.start];
  const length = after.length - before.length;
  const common = commonLength(before, after);
  // What was added may start with a backslash, too.
  const end = [common, common - 1].find((at) => isEndOfText(before, at));
  if (end === undefined || length <= 0 || after.slice(end + length) !== before.slice(end)) return undefined;
  return last.data.text + decoded(after.slice(end, end + length)) === data.text ? end + length : undefined;
}

/** Whether `\"` ends a text there. A backslash in the text is four of them, and a quotation mark is three and the mark. */
function isEndOfText(json: string, at: number): boolean {
  if (json.slice(at, at + 2) !== '\\"') return false;
  let backslashes = 0;
  while (json[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 4 === 0;
}

/** Reads a frame that repeats the last one with more text. @returns undefined if it may be another one */
function readGrown({frame, event, data, parts, end}: GrowingFrame, json: string): GrowingFrame | undefined {
  const next = end === undefined || json.length > maxKeptLength ? undefined : partsOf(json);
  if (end === undefined || !next || next.close !== parts.close) return undefined;
  const rest = parts.start.slice(end);
  const newEnd = next.start.length - rest.length;
  if (newEnd < end || next.start.slice(newEnd) !== rest) return undefined;
  // Comparing slices is five times as fast as `startsWith` in V8.
  if (next.start.slice(0, end) !== parts.start.slice(0, end)) return undefined;
  const added = decoded(next.start.slice(end, newEnd));
  if (added === undefined) return undefined;
  const grown = {...data, text: data.text + added};
  const grownEvent = {...event, data: grown};
  return {
    frame: {...frame, position: parseId(next.position), events: [grownEvent]},
    event: grownEvent,
    data: grown,
    parts: next,
    end: newEnd,
  };
}

/** A part of a string in JSON in a string. */
function decoded(part: string): string | undefined {
  try {
    return String(JSON.parse(`"${String(JSON.parse(`"${part}"`))}"`));
  } catch {
    return undefined;
  }
}
