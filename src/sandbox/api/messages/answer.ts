import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {completionReply, type ReplyPiece} from '../completion-bots.js';
import {countTokens, type EventFormat, eventText, joinPieces, sendReply, streamReply} from '../reply-stream.js';
import {messagesError, messagesErrorBody, type MessagesRequest} from './request.js';

/** Answers `POST /v1/messages`, as one object or as a stream of events. @returns the status; 0 if there is no response */
export async function answerMessages(
  request: MessagesRequest,
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
  const pieces = completionReply(request);
  if (!request.isStreamed) {
    return sendReply(pieces, response, allHeaders, {
      toObject: (texts) => ({
        ...head,
        content: contentOf(texts),
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: usageOf(texts),
      }),
      toError: messagesError,
    });
  }
  response.writeHead(200, {...allHeaders, 'Content-Type': 'text/event-stream'});
  await streamReply(pieces, response, eventFormat(head, pieces), pace);
  return 200;
}

function contentOf(pieces: readonly ReplyPiece[]): object[] {
  const [thinking, text] = [joinPieces(pieces, 'thought'), joinPieces(pieces, 'text')];
  return [
    ...(thinking ? [{type: 'thinking', thinking, signature: 'c2FuZGJveA=='}] : []),
    ...(text ? [{type: 'text', text}] : []),
  ];
}

function usageOf(pieces: readonly ReplyPiece[]) {
  const {input, output} = countTokens(pieces);
  return {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    total_tokens: input + output,
  };
}

function eventFormat(head: object, pieces: readonly ReplyPiece[]): EventFormat {
  const event = (type: string, rest: object = {}) => eventText({type, ...rest}, type);
  const usage = usageOf(pieces);
  const start = {...head, content: [], stop_reason: null, stop_sequence: null, usage: {...usage, output_tokens: 0}};
  let index = -1;
  let open: 'thinking' | 'text' | undefined;
  const close = () => (open === undefined ? '' : event('content_block_stop', {index}));
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
    piece: (piece) =>
      'text' in piece
        ? begin('text') + delta({type: 'text_delta', text: piece.text})
        : begin('thinking') + delta({type: 'thinking_delta', thinking: piece.thought}),
    error: (status, message) => eventText(messagesErrorBody(status, message), 'error'),
    last: () =>
      close() +
      event('message_delta', {delta: {stop_reason: 'end_turn', stop_sequence: null}, usage}) +
      event('message_stop'),
  };
}
