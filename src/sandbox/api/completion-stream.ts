import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {completionReply, type ReplyPiece} from './completion-bots.js';
import type {CompletionRequest} from './completion-request.js';
import {errorBody, errorResponse} from './errors.js';
import {countTokens, eventText, joinPieces, sendReply, streamReply} from './reply-stream.js';

/** Answers a chat completion, as one object or as a stream of events. @returns the status; 0 if there is no response */
export async function answerCompletion(
  request: CompletionRequest,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  pace: number,
): Promise<number> {
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  const pieces = completionReply(request);
  const usage = usageOf(pieces);
  if (!request.isStreamed) {
    return sendReply(pieces, response, headers, {
      toObject: (texts) => ({...head, object: 'chat.completion', choices: [toChoice(texts)], usage}),
      toError: errorResponse,
    });
  }
  const chunk = (rest: object) => eventText({...head, object: 'chat.completion.chunk', ...rest});
  const delta = (part: object, finish: string | null = null) =>
    chunk({choices: [{index: 0, delta: part, finish_reason: finish}]});
  response.writeHead(200, {...headers, 'Content-Type': 'text/event-stream'});
  const format = {
    first: ': ping\r\n\r\n' + delta({role: 'assistant', content: ''}),
    piece: (piece: {text: string} | {thought: string}) =>
      delta('text' in piece ? {content: piece.text} : {reasoning_content: piece.thought}),
    error: (status: number, message: string) => eventText(errorBody(status, message)),
    last: () => delta({}, 'stop') + (request.includesUsage ? chunk({choices: [], usage}) : '') + 'data: [DONE]\r\n\r\n',
  };
  await streamReply(pieces, response, format, pace);
  return 200;
}

const toChoice = (pieces: readonly ReplyPiece[]) => ({
  index: 0,
  finish_reason: 'stop',
  message: {
    role: 'assistant',
    content: joinPieces(pieces, 'text'),
    ...(joinPieces(pieces, 'thought') && {reasoning_content: joinPieces(pieces, 'thought')}),
  },
});

function usageOf(pieces: readonly ReplyPiece[]) {
  const {input, output} = countTokens(pieces);
  return {prompt_tokens: input, completion_tokens: output, total_tokens: input + output};
}
