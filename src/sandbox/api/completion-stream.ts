import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setTimeout} from 'node:timers/promises';
import {piecesOf, type ReplyPiece} from './completion-bots.js';
import type {CompletionRequest} from './completion-request.js';
import {errorBody} from './errors.js';

const pauseMs = 20;
const cutAfterMs = 300;

/** Answers a chat completion: whole, or as events with CRLF, comments between them, and letters split over writes. */
export async function stream(request: CompletionRequest, response: ServerResponse, pace: number): Promise<void> {
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  const pieces = piecesOf(request);
  const usage = usageOf(pieces);
  if (!request.isStreamed) {
    response.end(JSON.stringify({...head, object: 'chat.completion', choices: [wholeChoice(pieces)], usage}));
    return;
  }
  const chunk = (rest: object) => event({...head, object: 'chat.completion.chunk', ...rest});
  const delta = (part: object, finish: string | null = null) =>
    chunk({choices: [{index: 0, delta: part, finish_reason: finish}]});
  await write(response, ': ping\r\n\r\n' + delta({role: 'assistant', content: ''}));
  for (const piece of pieces) {
    if (response.destroyed) return;
    await setTimeout(pauseMs * pace);
    if ('error' in piece) {
      await write(response, event(errorBody(piece.error.status, piece.error.message)));
      return void response.end();
    }
    if ('end' in piece) return end(piece.end, response);
    await write(response, delta('text' in piece ? {content: piece.text} : {reasoning_content: piece.thought}));
    await write(response, ': still there\r\n\r\n');
  }
  await write(response, delta({}, 'stop'));
  if (request.withUsage) await write(response, chunk({choices: [], usage}));
  response.end('data: [DONE]\r\n\r\n');
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;

/** Breaks an answer off. */
export async function end(how: 'cut' | 'unfinished' | 'silence', response: ServerResponse): Promise<void> {
  if (how === 'cut') {
    // Who is cut off may lose what it has not read yet, and this is not about that.
    await setTimeout(cutAfterMs);
    response.destroy();
  }
  if (how === 'unfinished') response.end();
  if (how === 'silence' && !response.destroyed) await once(response, 'close');
}

/** Writes bytes in two halves, so that lines and letters are torn apart. */
export async function write(response: ServerResponse, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const firstWide = bytes.findIndex((byte) => byte >= 0x80);
  const middle = firstWide < 0 ? Math.floor(bytes.length / 2) : firstWide + 1;
  for (const half of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => void response.write(half, () => resolve()));
  }
}

const joined = (pieces: readonly ReplyPiece[], kind: 'text' | 'thought') =>
  pieces.map((piece) => (kind in piece ? Object.values(piece).join('') : '')).join('');

const wholeChoice = (pieces: readonly ReplyPiece[]) => ({
  index: 0,
  finish_reason: 'stop',
  message: {
    role: 'assistant',
    content: joined(pieces, 'text'),
    ...(joined(pieces, 'thought') && {reasoning_content: joined(pieces, 'thought')}),
  },
});

/** As rough as Poe's own. */
const usageOf = (pieces: readonly ReplyPiece[]) => ({
  prompt_tokens: 7,
  completion_tokens: pieces.length,
  total_tokens: 7 + pieces.length,
});
