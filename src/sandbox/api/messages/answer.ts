import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {completionReply, type ReplyPiece} from '../completion-bots.js';
import {tokensIn} from '../cost.js';
import {type EventFormat, eventText, joinPieces, sendReply, streamReply} from '../reply-stream.js';
import type {PromptCache, PromptTokens} from './prompt-cache.js';
import {messagesError, messagesErrorBody, type MessagesRequest, signatureOf} from './request.js';

/** A request with its reply, and the tokens of both. */
export interface CountedRequest extends MessagesRequest {
  pieces: readonly ReplyPiece[];
  tokens: PromptTokens & {output: number};
}

/** Counts the tokens of a request and its reply. */
export function countRequest(request: MessagesRequest, cache: PromptCache): CountedRequest {
  const pieces = completionReply(request);
  const output = tokensIn(joinPieces(pieces, 'thought') + joinPieces(pieces, 'text'));
  return {...request, pieces, tokens: {...cache.read(request.model, request.prompt), output}};
}

/** Answers `POST /v1/messages`, as one object or as a stream of events. @returns the status; 0 if there is no response */
export async function answerMessages(
  {pieces, tokens, ...request}: CountedRequest,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  pace: number,
): Promise<number> {
  const head = {
    id: `req_poe_${randomBytes(16).toString('hex')}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
  };
  const allHeaders = {
    ...headers,
    'anthropic-ratelimit-requests-limit': '500',
    'anthropic-ratelimit-requests-remaining': '499',
    'anthropic-ratelimit-requests-reset': new Date(Date.now() + 60_000).toISOString(),
  };
  if (!request.isStreamed) {
    return sendReply(pieces, response, allHeaders, {
      toObject: (texts) => ({
        ...head,
        content: contentOf(texts),
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: usageOf(tokens),
      }),
      toError: messagesError,
    });
  }
  response.writeHead(200, {...allHeaders, 'Content-Type': 'text/event-stream'});
  await streamReply(pieces, response, eventFormat(head, usageOf(tokens)), pace);
  return 200;
}

function contentOf(pieces: readonly ReplyPiece[]): object[] {
  const [thinking, text] = [joinPieces(pieces, 'thought'), joinPieces(pieces, 'text')];
  return [
    ...(thinking ? [{type: 'thinking', thinking, signature: signatureOf(thinking)}] : []),
    ...(text ? [{type: 'text', text}] : []),
  ];
}

const usageOf = ({input, cacheRead, cacheWrite, output}: CountedRequest['tokens']) => ({
  input_tokens: input,
  output_tokens: output,
  cache_creation_input_tokens: cacheWrite,
  cache_read_input_tokens: cacheRead,
  total_tokens: input + cacheRead + cacheWrite + output,
});

function eventFormat(head: object, usage: ReturnType<typeof usageOf>): EventFormat {
  const event = (type: string, rest: object = {}) => eventText({type, ...rest}, type);
  const start = {...head, content: [], stop_reason: null, stop_sequence: null, usage: {...usage, output_tokens: 0}};
  let index = -1;
  let open: 'thinking' | 'text' | undefined;
  let thought = '';
  const sign = () => (open === 'thinking' ? delta({type: 'signature_delta', signature: signatureOf(thought)}) : '');
  const close = () => (open === undefined ? '' : sign() + event('content_block_stop', {index}));
  const begin = (kind: 'thinking' | 'text') => {
    if (open === kind) return '';
    const closed = close();
    open = kind;
    index += 1;
    const block = kind === 'text' ? {type: 'text', text: ''} : {type: 'thinking', thinking: '', signature: ''};
    return closed + event('content_block_start', {index, content_block: block});
  };
  const delta = (value: object) => event('content_block_delta', {index, delta: value});
  return {
    first: event('message_start', {message: start}) + event('ping'),
    piece: (piece) => {
      if ('text' in piece) return begin('text') + delta({type: 'text_delta', text: piece.text});
      const opening = begin('thinking');
      thought += piece.thought;
      return opening + delta({type: 'thinking_delta', thinking: piece.thought});
    },
    error: (status, message) => eventText(messagesErrorBody(status, message), 'error'),
    last: () =>
      close() +
      event('message_delta', {delta: {stop_reason: 'end_turn', stop_sequence: null}, usage}) +
      event('message_stop'),
  };
}
