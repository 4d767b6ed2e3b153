import {fieldsOf} from '../../core/http/json.js';

/**
 * The events of a completion that Poe has sent whole although a stream was requested, which it may do for bots that make images: a
 * program that waits for events would take anything else for an empty reply. Undefined if it is no completion.
 */
export function eventsOfCompletion(completion: unknown, hasUsage: boolean): string | undefined {
  const {id, created, model, choices, usage} = fieldsOf(completion);
  if (!Array.isArray(choices)) return undefined;
  const event = (more: object) =>
    `data: ${JSON.stringify({id, object: 'chat.completion.chunk', created, model, ...more})}\n\n`;
  const parts = choices.map((choice: unknown) => {
    const {index = 0, message, finish_reason = 'stop'} = fieldsOf(choice);
    return {content: {index, delta: deltaOf(message), finish_reason: null}, end: {index, delta: {}, finish_reason}};
  });
  return [
    event({choices: parts.map(({content}) => content)}),
    event({choices: parts.map(({end}) => end)}),
    ...(hasUsage && usage ? [event({choices: [], usage})] : []),
    'data: [DONE]\n\n',
  ].join('');
}

/** In a stream, calls of tools are numbered. */
function deltaOf(message: unknown): object {
  const {tool_calls: calls, ...others} = fieldsOf(message);
  if (!Array.isArray(calls)) return others;
  return {...others, tool_calls: calls.map((call: unknown, index) => Object.assign({index}, fieldsOf(call)))};
}
