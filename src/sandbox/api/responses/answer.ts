import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {completionReply, type ReplyPiece, searches} from '../completion-bots.js';
import {errorBody, errorResponse} from '../errors.js';
import {countTokens, type EventFormat, eventText, joinPieces, sendReply, streamReply} from '../reply-stream.js';
import type {ResponsesRequest} from './request.js';

/** Answers `POST /v1/responses`, as one object or as a stream of events. @returns the status; 0 if there is no response */
export async function answerResponses(
  request: ResponsesRequest,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  pace: number,
): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const head = {
    id: `resp_${randomBytes(24).toString('base64url')}`,
    object: 'response',
    created_at: now,
    // The provider's name of the model, with its date.
    model: `${request.model.toLowerCase()}-2026-03-05`,
    error: null,
    incomplete_details: null,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
  };
  const pieces = completionReply(request);
  const citations = searches(request.parameters) ? sources : [];
  if (!request.isStreamed) {
    return sendReply(pieces, response, headers, {
      toObject: (texts) => completed(head, texts, citations),
      toError: errorResponse,
    });
  }
  response.writeHead(200, {...headers, 'Content-Type': 'text/event-stream'});
  await streamReply(pieces, response, eventFormat(head, pieces, citations), pace);
  return 200;
}

/** What a search finds. */
const sources = [
  {type: 'url_citation', start_index: 0, end_index: 3, title: 'Tea', url: 'https://tea.example/leaves'},
  {type: 'url_citation', start_index: 9, end_index: 14, title: 'Drinks', url: 'https://drinks.example/'},
];

const completed = (head: object, pieces: readonly ReplyPiece[], citations: readonly object[]) => {
  const {input, output} = countTokens(pieces);
  return {
    ...head,
    status: 'completed',
    completed_at: Math.floor(Date.now() / 1000),
    output: outputOf(pieces, citations),
    usage: {
      input_tokens: input,
      input_tokens_details: {cached_tokens: 0},
      output_tokens: output,
      output_tokens_details: {reasoning_tokens: 0},
      total_tokens: input + output,
    },
  };
};

function outputOf(pieces: readonly ReplyPiece[], citations: readonly object[]): object[] {
  const thought = joinPieces(pieces, 'thought');
  return [
    ...(thought ? [reasoningItem(thought)] : []),
    messageItem('completed', [textPart(joinPieces(pieces, 'text'), citations)]),
  ];
}

const reasoningItem = (text: string) => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: text ? [{type: 'summary_text', text}] : [],
});

const messageItem = (status: string, content: readonly object[]) => ({
  type: 'message',
  id: 'msg_1',
  status,
  role: 'assistant',
  content,
});

const textPart = (text: string, annotations: readonly object[] = []) => ({
  type: 'output_text',
  text,
  annotations,
  logprobs: [],
});

/** The events of OpenAI's format that clients rely on, in its order. */
function eventFormat(head: object, pieces: readonly ReplyPiece[], citations: readonly object[]): EventFormat {
  let sequence = 0;
  const event = (type: string, rest: object) => eventText({type, sequence_number: sequence++, ...rest}, type);
  const started = {...head, status: 'in_progress', output: [], usage: null};
  const hasThought = pieces.some((piece) => 'thought' in piece);
  const item = hasThought ? 1 : 0;
  const [thought, text] = [joinPieces(pieces, 'thought'), joinPieces(pieces, 'text')];
  const summary = {item_id: 'rs_1', output_index: 0, summary_index: 0};
  const content = {item_id: 'msg_1', output_index: item, content_index: 0};

  const openReasoning = () =>
    event('response.output_item.added', {output_index: 0, item: reasoningItem('')}) +
    event('response.reasoning_summary_part.added', {...summary, part: {type: 'summary_text', text: ''}});
  const closeReasoning = () =>
    event('response.reasoning_summary_text.done', {...summary, text: thought}) +
    event('response.output_item.done', {output_index: 0, item: reasoningItem(thought)});
  const openMessage = () =>
    event('response.output_item.added', {output_index: item, item: messageItem('in_progress', [])}) +
    event('response.content_part.added', {...content, part: textPart('')});

  let isMessageOpen = false;
  const open = () => {
    if (isMessageOpen) return '';
    isMessageOpen = true;
    return (hasThought ? closeReasoning() : '') + openMessage();
  };
  return {
    first:
      ': ping\r\n\r\n' +
      event('response.created', {response: started}) +
      event('response.in_progress', {response: started}) +
      (hasThought ? openReasoning() : ''),
    piece: (piece) =>
      'thought' in piece
        ? event('response.reasoning_summary_text.delta', {...summary, delta: piece.thought})
        : open() + event('response.output_text.delta', {...content, delta: piece.text, logprobs: []}),
    error: (status, message) => event('error', errorBody(status, message)),
    last: () =>
      open() +
      citations
        .map((annotation, index) =>
          event('response.output_text.annotation.added', {...content, annotation_index: index, annotation}),
        )
        .join('') +
      event('response.output_text.done', {...content, text, logprobs: []}) +
      event('response.content_part.done', {...content, part: textPart(text, citations)}) +
      event('response.output_item.done', {
        output_index: item,
        item: messageItem('completed', [textPart(text, citations)]),
      }) +
      event('response.completed', {response: completed(head, pieces, citations)}) +
      'data: [DONE]\r\n\r\n',
  };
}
