import type {ServerResponse} from 'node:http';
import {setTimeout} from 'node:timers/promises';
import type {NativeRequest} from './native-request.js';
import {type NativeReplyPiece, nativePiecesOf} from './native-bots.js';
import {end, write} from './completion-stream.js';

const pauseMs = 20;

/** Answers in Poe's own protocol: named events with CRLF, comments and pings between them, letters split over writes. */
export async function streamNative(request: NativeRequest, response: ServerResponse, pace: number): Promise<void> {
  const pieces = nativePiecesOf(request);
  await write(response, ': connected\r\n\r\n' + event('ping', {}));
  if (pieces[0]?.event !== 'error') {
    await write(response, event('meta', {content_type: 'text/markdown', linkify: true, suggested_replies: true}));
  }
  for (const piece of pieces) {
    if (response.destroyed) return;
    await setTimeout(pauseMs * pace);
    if (piece.event === 'end') return end(piece.how, response);
    await write(response, event(piece.event, piece.data));
    if (piece.event === 'error') return void response.end();
    await write(response, ': still there\r\n\r\n');
  }
  response.end(event('done', {}));
}

const event = (name: Exclude<NativeReplyPiece['event'], 'end'> | 'ping' | 'meta' | 'done', data: object) =>
  `event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`;
