import {randomBytes} from 'node:crypto';
import {type FormatWriter, sseEvent, type WrittenReply} from './written-reply.js';

type Block = {type: 'text'; text: string} | {type: 'thinking'; thinking: string; signature: string};

/** Writes a reply as an Anthropic message. @param prompt the number of its tokens, which the first event has  @param model as the caller named it */
export function messageWriter(model: string, {promptTokens}: {promptTokens: number}): FormatWriter {
  const head = {id: `msg_${randomBytes(12).toString('hex')}`, type: 'message', role: 'assistant', model};
  let index = -1;
  let open: Block['type'] | undefined;
  const stop = () => (open === undefined ? '' : event('content_block_stop', {index}));
  const begin = (block: Block) => {
    if (open === block.type) return '';
    const before = stop();
    open = block.type;
    index += 1;
    return before + event('content_block_start', {index, content_block: block});
  };
  const delta = (part: object) => event('content_block_delta', {index, delta: part});
  return {
    whole: (reply) => ({
      ...head,
      content: blocksOf(reply),
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: toUsage(reply),
    }),
    start: () =>
      event('message_start', {
        message: {
          ...head,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {...noCache, input_tokens: promptTokens, output_tokens: 0},
        },
      }),
    text: (piece) => begin({type: 'text', text: ''}) + delta({type: 'text_delta', text: piece}),
    reasoning: (piece) =>
      begin({type: 'thinking', thinking: '', signature: ''}) + delta({type: 'thinking_delta', thinking: piece}),
    end: (reply) =>
      // Clients expect at least one block.
      (open === undefined ? begin({type: 'text', text: ''}) : '') +
      stop() +
      event('message_delta', {delta: {stop_reason: 'end_turn', stop_sequence: null}, usage: toUsage(reply)}) +
      event('message_stop'),
    ping: event('ping'),
  };
}

/** Clients ignore data without the name of an event. */
const event = (type: string, rest: object = {}): string => sseEvent({type, ...rest}, type);

const noCache = {cache_creation_input_tokens: 0, cache_read_input_tokens: 0};

function blocksOf({text, reasoning}: WrittenReply): Block[] {
  const thinking: Block[] = reasoning === '' ? [] : [{type: 'thinking', thinking: reasoning, signature: ''}];
  return [...thinking, {type: 'text', text}];
}

const toUsage = ({usage: {promptTokens, completionTokens, points}}: WrittenReply) => ({
  ...noCache,
  input_tokens: promptTokens,
  output_tokens: completionTokens,
  ...(points !== null && {cost_points: points}),
});
