import {randomBytes} from 'node:crypto';
import {type FormatWriter, sseComment, sseEvent, type WrittenUsage} from './written-reply.js';

/** Writes a reply as an OpenAI chat completion. @param model as the caller named it */
export function completionWriter(model: string, {includesUsage}: {includesUsage: boolean}): FormatWriter {
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model,
  };
  const chunk = (rest: object) => sseEvent({...head, object: 'chat.completion.chunk', ...rest});
  const delta = (part: object, finish: 'stop' | null = null) =>
    chunk({choices: [{index: 0, delta: part, logprobs: null, finish_reason: finish}]});
  return {
    whole: ({text, reasoning, usage}) => ({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text,
            refusal: null,
            ...(reasoning !== '' && {reasoning_content: reasoning}),
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: toUsage(usage),
    }),
    start: () => delta({role: 'assistant', content: ''}),
    text: (piece) => delta({content: piece}),
    reasoning: (piece) => delta({reasoning_content: piece}),
    // Clients fail on a chunk without choices, so the one with the usage has an empty list.
    end: ({usage}) =>
      delta({}, 'stop') + (includesUsage ? chunk({choices: [], usage: toUsage(usage)}) : '') + 'data: [DONE]\n\n',
    ping: sseComment,
  };
}

const toUsage = ({promptTokens, completionTokens, points}: WrittenUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  ...(points !== null && {cost_points: points}),
});
