import type {StoredMessage} from '../chats/chat-log.js';
import type {BotQuery} from './protocol.js';

/* Requests in OpenAI's format "Responses", for web search and summaries of reasoning. */

export const responsesPath = '/v1/responses';
export const responsesAccept = 'text/event-stream, application/json';

/**
 * The body of a request. Poe does not store responses, so all messages are sent each time, and it ignores `instructions` (May
 * 2026), so the system text is a message.
 * @param reasons whether the bot has reasoning to summarize
 * @param omitted fields that the bot does not accept
 */
export function responsesBody(
  {bot, system, messages, parameters, schema}: BotQuery,
  {reasons, omitted}: {reasons: boolean; omitted: readonly string[]},
): object {
  const {max_tokens: limit, web_search: search, reasoning_effort, output_effort, ...others} = parameters;
  const effort = reasoning_effort ?? output_effort;
  const reasoning = {
    ...(effort !== undefined && {effort}),
    ...((reasons || effort !== undefined) && {summary: 'auto'}),
  };
  const hasReasoning = Object.keys(reasoning).length > 0 && !omitted.includes('reasoning');
  return {
    model: bot,
    stream: true,
    ...others,
    ...(limit !== undefined && {max_output_tokens: limit}),
    ...(search === true && {tools: [{type: 'web_search_preview'}]}),
    ...(hasReasoning && {reasoning}),
    ...(schema && !omitted.includes('text') && {text: {format: {type: 'json_schema', name: 'reply', schema}}}),
    input: [...(system === undefined ? [] : [{role: 'system', content: system}]), ...messages.map(toItem)],
  };
}

/** The optional field that a bot has rejected; undefined if it is none, or if the user has asked for it. */
export function optionalResponsesField(path: string | undefined, {parameters, schema}: BotQuery): string | undefined {
  const field = path?.split('.')[0];
  if (field === 'text' && schema && !('text' in parameters)) return field;
  const isAsked = 'reasoning_effort' in parameters || 'output_effort' in parameters;
  return field === 'reasoning' && !isAsked ? field : undefined;
}

function toItem({author, text, attachments = []}: StoredMessage): object {
  if (author === 'bot') return {role: 'assistant', content: text};
  const files = attachments.flatMap(({name, url, mimeType}) =>
    url === null
      ? []
      : [
          mimeType?.startsWith('image/')
            ? {type: 'input_image', image_url: url}
            : {type: 'input_file', file_url: url, filename: name},
        ],
  );
  return {role: 'user', content: files.length > 0 ? [{type: 'input_text', text}, ...files] : text};
}
