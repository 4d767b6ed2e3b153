import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setImmediate, setTimeout} from 'node:timers/promises';
import type {ReplyEnd, ReplyPiece} from './completion-bots.js';
import type {HttpResponse} from '../server/http.js';

const delayMs = 20;
const cutDelayMs = 300;

/** A part of a reply that clients see. */
export type ReplyText = Extract<ReplyPiece, {text: string} | {thought: string}>;

/** How a format writes a reply as events. */
export interface EventFormat {
  first: string;
  piece(piece: ReplyText): string;
  error(status: number, message: string): string;
  last(): string;
}

/**
 * Sends a reply as a stream of events. The stream is as difficult as the formats allow: comments between events, characters
 * split over two writes, and the first event split in the middle.
 */
export async function streamReply(
  pieces: readonly ReplyPiece[],
  response: ServerResponse,
  {first, piece: toEvent, error, last}: EventFormat,
  pace: number,
): Promise<void> {
  await write(response, first);
  for (const piece of pieces) {
    if (response.destroyed) return;
    await pauseBetweenEvents(pace);
    if ('end' in piece) return breakOff(response, piece.end);
    if ('error' in piece) {
      await write(response, error(piece.error.status, piece.error.message));
      return void response.end();
    }
    await write(response, `${toEvent(piece)}: still there\r\n\r\n`, {splitsAscii: false});
  }
  response.end(last());
}

/** @param pace 0 for no pause; otherwise it takes at least 1 ms */
export const pauseBetweenEvents = (pace: number): Promise<void> =>
  pace > 0 ? setTimeout(delayMs * pace) : setImmediate();

/** How a format writes a reply as one JSON object. */
export interface ObjectFormat {
  toObject(pieces: readonly ReplyText[]): object;
  toError(status: number, message: string): HttpResponse;
}

/**
 * Sends a reply as one JSON object. Bots that break off do it here, too: an error is the whole response, and a connection
 * is cut in the middle of the object. @returns the status; 0 if there is no response
 */
export async function sendReply(
  pieces: readonly ReplyPiece[],
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  {toObject, toError}: ObjectFormat,
): Promise<number> {
  const texts = pieces.filter((piece) => 'text' in piece || 'thought' in piece);
  const last = pieces.at(-1);
  if (last && 'error' in last) {
    const {status, headers: more, body} = toError(last.error.status, last.error.message);
    response.writeHead(status, {...headers, ...more}).end(body);
    return status;
  }
  const end = last && 'end' in last ? last.end : undefined;
  if (end === 'silence') {
    await breakOff(response, end);
    return 0;
  }
  const body = JSON.stringify(toObject(texts));
  response.writeHead(200, {...headers, 'Content-Type': 'application/json'});
  if (end === undefined) response.end(body);
  else {
    await write(response, body.slice(0, body.length / 2));
    await breakOff(response, end);
  }
  return 200;
}

/** Ends a response without its regular end. */
export async function breakOff(response: ServerResponse, how: ReplyEnd): Promise<void> {
  switch (how) {
    case 'cut':
      // A client may lose data it has not read when the connection is cut. Give it time to read.
      await setTimeout(cutDelayMs);
      response.destroy();
      return;
    case 'unfinished':
      response.end();
      return;
    case 'silence':
      if (!response.destroyed) await once(response, 'close');
  }
}

/**
 * Writes a text in two halves, split inside a multi-byte character if there is one.
 * @param options.splitsAscii whether a text without such a character is split, too. To write takes longer than to make a reply
 */
export async function write(response: ServerResponse, text: string, {splitsAscii = true} = {}): Promise<void> {
  const bytes = Buffer.from(text);
  const firstMultiByte = bytes.findIndex((byte) => byte >= 0x80);
  const asciiEnd = splitsAscii ? Math.floor(bytes.length / 2) : bytes.length;
  const middle = firstMultiByte < 0 ? asciiEnd : firstMultiByte + 1;
  for (const half of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
    if (response.destroyed) return;
    if (half.length > 0) await new Promise<void>((resolve) => void response.write(half, () => resolve()));
  }
}

/** An event of a stream. @param name for formats that name their events */
export const eventText = (value: object, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\r\n`}data: ${JSON.stringify(value)}\r\n\r\n`;

/** The text of a reply, or its reasoning. */
export const joinPieces = (pieces: readonly ReplyPiece[], kind: 'text' | 'thought'): string =>
  pieces.map((piece) => (kind in piece ? Object.values(piece).join('') : '')).join('');

/** Approximate counts of tokens, like Poe's. */
export const countTokens = (pieces: readonly ReplyPiece[]) => ({
  input: 7,
  output: pieces.filter((piece) => 'text' in piece || 'thought' in piece).length,
});
