import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setTimeout} from 'node:timers/promises';
import {completionReply, type ReplyEnd, type ReplyPiece} from './completion-bots.js';
import type {CompletionRequest} from './completion-request.js';
import {errorBody} from './errors.js';

const delayMs = 20;
const cutDelayMs = 300;

/**
 * Answers a chat completion, as one object or as a stream of events. The stream is as difficult as the format allows: CRLF
 * line ends, comments between events, and characters split over two writes.
 */
export async function streamCompletion(
  request: CompletionRequest,
  response: ServerResponse,
  pace: number,
): Promise<void> {
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  const pieces = completionReply(request);
  const usage = usageOf(pieces);
  if (!request.isStreamed) {
    response.end(JSON.stringify({...head, object: 'chat.completion', choices: [toChoice(pieces)], usage}));
    return;
  }
  const chunk = (rest: object) => event({...head, object: 'chat.completion.chunk', ...rest});
  const delta = (part: object, finish: string | null = null) =>
    chunk({choices: [{index: 0, delta: part, finish_reason: finish}]});
  await write(response, ': ping\r\n\r\n' + delta({role: 'assistant', content: ''}));
  for (const piece of pieces) {
    if (response.destroyed) return;
    await setTimeout(delayMs * pace);
    if ('error' in piece) {
      await write(response, event(errorBody(piece.error.status, piece.error.message)));
      return void response.end();
    }
    if ('end' in piece) return breakOff(response, piece.end);
    await write(response, delta('text' in piece ? {content: piece.text} : {reasoning_content: piece.thought}));
    await write(response, ': still there\r\n\r\n');
  }
  await write(response, delta({}, 'stop'));
  if (request.includesUsage) await write(response, chunk({choices: [], usage}));
  response.end('data: [DONE]\r\n\r\n');
}

/** Ends a stream without its regular end. */
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

/** Writes a text in two halves, split inside a multi-byte character if there is one. */
export async function write(response: ServerResponse, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const firstMultiByte = bytes.findIndex((byte) => byte >= 0x80);
  const middle = firstMultiByte < 0 ? Math.floor(bytes.length / 2) : firstMultiByte + 1;
  for (const half of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => void response.write(half, () => resolve()));
  }
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;

const joinPieces = (pieces: readonly ReplyPiece[], kind: 'text' | 'thought') =>
  pieces.map((piece) => (kind in piece ? Object.values(piece).join('') : '')).join('');

const toChoice = (pieces: readonly ReplyPiece[]) => ({
  index: 0,
  finish_reason: 'stop',
  message: {
    role: 'assistant',
    content: joinPieces(pieces, 'text'),
    ...(joinPieces(pieces, 'thought') && {reasoning_content: joinPieces(pieces, 'thought')}),
  },
});

/** Approximate counts. */
const usageOf = (pieces: readonly ReplyPiece[]) => ({
  prompt_tokens: 7,
  completion_tokens: pieces.length,
  total_tokens: 7 + pieces.length,
});
