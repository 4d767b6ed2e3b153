import {randomBytes} from 'node:crypto';
import {type FormatWriter, sseComment, sseEvent, type WrittenReply, type WrittenUsage} from './written-reply.js';

type Item = ReturnType<typeof messageItem> | ReturnType<typeof reasoningItem>;

/** Writes a reply as an OpenAI response. @param model as the caller named it */
export function responseWriter(model: string, {instructions}: {instructions: string}): FormatWriter {
  const head = {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    model,
    instructions: instructions === '' ? null : instructions,
    error: null,
    incomplete_details: null,
    metadata: {},
    parallel_tool_calls: false,
    temperature: null,
    tool_choice: 'none',
    tools: [],
    top_p: null,
  };
  const response = (status: string, rest: object = {}) => ({...head, status, output: [], usage: null, ...rest});
  const completed = (reply: WrittenReply, output: readonly Item[]) =>
    response('completed', {output, usage: toUsage(reply.usage)});

  let number = 0;
  const event = (type: string, rest: object) => sseEvent({type, sequence_number: number++, ...rest}, type);
  const done: Item[] = [];
  let open: OpenItem | undefined;
  const close = () => {
    if (open === undefined) return '';
    const item = open.finish(open.text);
    const events = open.endEvents(event, open.text, done.length);
    const last = event('response.output_item.done', {output_index: done.length, item});
    done.push(item);
    open = undefined;
    return events + last;
  };
  const add = (kind: OpenItem['kind'], piece: string) => {
    let events = '';
    if (open?.kind !== kind) {
      events = close();
      open = {...(kind === 'message' ? openMessage() : openReasoning()), text: ''};
      events += event('response.output_item.added', {output_index: done.length, item: open.start});
      events += open.startEvents(event, done.length);
    }
    open.text += piece;
    return piece === '' ? events : events + open.delta(event, piece, done.length);
  };
  return {
    whole(reply) {
      const reasoning = reply.reasoning === '' ? [] : [reasoningItem(newId('rs'), [reply.reasoning])];
      return completed(reply, [...reasoning, messageItem(newId('msg'), 'completed', [reply.text])]);
    },
    start: () =>
      event('response.created', {response: response('in_progress')}) +
      event('response.in_progress', {response: response('in_progress')}),
    text: (piece) => add('message', piece),
    reasoning: (piece) => add('reasoning', piece),
    end(reply) {
      const last = (reply.text === '' ? add('message', '') : '') + close();
      return last + event('response.completed', {response: completed(reply, done)});
    },
    ping: sseComment,
  };
}

type EventOf = (type: string, rest: object) => string;

/** An item that is being written. */
interface OpenItem {
  kind: 'message' | 'reasoning';
  text: string;
  start: Item;
  startEvents(event: EventOf, index: number): string;
  delta(event: EventOf, piece: string, index: number): string;
  endEvents(event: EventOf, text: string, index: number): string;
  finish(text: string): Item;
}

function openMessage(): Omit<OpenItem, 'text'> {
  const id = newId('msg');
  const at = (index: number) => ({item_id: id, output_index: index, content_index: 0});
  return {
    kind: 'message',
    start: messageItem(id, 'in_progress', []),
    startEvents: (event, index) => event('response.content_part.added', {...at(index), part: textPart('')}),
    delta: (event, piece, index) => event('response.output_text.delta', {...at(index), delta: piece, logprobs: []}),
    endEvents: (event, text, index) =>
      event('response.output_text.done', {...at(index), text, logprobs: []}) +
      event('response.content_part.done', {...at(index), part: textPart(text)}),
    finish: (text) => messageItem(id, 'completed', [text]),
  };
}

function openReasoning(): Omit<OpenItem, 'text'> {
  const id = newId('rs');
  const at = (index: number) => ({item_id: id, output_index: index, summary_index: 0});
  return {
    kind: 'reasoning',
    start: reasoningItem(id, []),
    startEvents: (event, index) => event('response.reasoning_summary_part.added', {...at(index), part: summary('')}),
    delta: (event, piece, index) => event('response.reasoning_summary_text.delta', {...at(index), delta: piece}),
    endEvents: (event, text, index) =>
      event('response.reasoning_summary_text.done', {...at(index), text}) +
      event('response.reasoning_summary_part.done', {...at(index), part: summary(text)}),
    finish: (text) => reasoningItem(id, [text]),
  };
}

const newId = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`;

const textPart = (text: string) => ({type: 'output_text' as const, text, annotations: [], logprobs: []});
const summary = (text: string) => ({type: 'summary_text' as const, text});

const messageItem = (id: string, status: 'in_progress' | 'completed', texts: readonly string[]) => ({
  id,
  type: 'message' as const,
  status,
  role: 'assistant' as const,
  content: texts.map(textPart),
});

const reasoningItem = (id: string, texts: readonly string[]) => ({
  id,
  type: 'reasoning' as const,
  summary: texts.map(summary),
});

const toUsage = ({promptTokens, completionTokens, points}: WrittenUsage) => ({
  input_tokens: promptTokens,
  input_tokens_details: {cached_tokens: 0},
  output_tokens: completionTokens,
  output_tokens_details: {reasoning_tokens: 0},
  total_tokens: promptTokens + completionTokens,
  ...(points !== null && {cost_points: points}),
});
