import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {eventsOf, type ServerEvent} from '../../core/api/http/events.js';
import {messageError} from '../../core/api/http/errors.js';
import {parseJson} from '../../core/http/json.js';
import {readText, request} from '../../core/http/request.js';
import type {BotEvent} from '../events.js';
import type {PoeEndpoints} from './endpoints.js';
import type {BotQuery} from '../query.js';
import {type NewMessage, toWireMessage} from '../wire-message.js';
import {ReplyError, type ReplyErrorType} from '../reply-error.js';

/** What a bot changes in the query when it asks another bot. */
export interface AskOptions {
  /** The conversation. Default: that of the query. */
  messages?: readonly NewMessage[] | undefined;
  temperature?: number | undefined;
  skipSystemPrompt?: boolean | undefined;
  logitBias?: Readonly<Record<string, number>> | undefined;
  stopSequences?: readonly string[] | undefined;
  /** Have the other bot answer under this bot's name. */
  adoptCurrentBotName?: boolean | undefined;
  /** Tools in OpenAI's format. */
  tools?: readonly unknown[] | undefined;
  toolCalls?: readonly unknown[] | undefined;
  toolResults?: readonly unknown[] | undefined;
}

interface AskDeps {
  endpoints: PoeEndpoints;
  accessKey: string;
  signal: AbortSignal;
}

/**
 * Asks another bot as fastapi_poe's `stream_request` does: the query of the user, with the access key of this bot. Poe charges
 * the user, so it is never repeated.
 * @throws ReplyError, PoeError
 */
export async function* askBot(
  handle: string,
  query: BotQuery,
  options: AskOptions,
  {endpoints, accessKey, signal}: AskDeps,
): AsyncGenerator<BotEvent, void, undefined> {
  const {timeoutMs, log} = endpoints;
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    Authorization: `Bearer ${accessKey}`,
  };
  const response = await request(
    endpoints.bot(handle),
    {method: 'POST', headers: () => headers, body: JSON.stringify(askBody(query, options, accessKey))},
    {name: `ask ${handle}`, timeoutMs, log, signal},
  );
  try {
    if (response.status !== 200) throw messageError(response.status, response.headers, await readText(response));
    let isDone = false;
    for await (const events of eventsOf(response)) {
      for (const event of events) {
        isDone ||= event.name === 'done';
        const parsed = isDone ? undefined : parseEvent(event, handle);
        if (parsed) yield parsed;
      }
      if (isDone) return;
    }
    throw new PoeError('reply_lost', `The reply of ${handle} ended early: Poe closed the connection`);
  } finally {
    response.close();
  }
}

const askBody = ({raw}: BotQuery, options: AskOptions, accessKey: string): object => ({
  ...raw,
  // fastapi_poe sends the key in the body, too.
  api_key: accessKey,
  access_key: accessKey,
  ...(options.messages && {query: options.messages.map(toWireMessage)}),
  ...(options.temperature !== undefined && {temperature: options.temperature}),
  ...(options.skipSystemPrompt !== undefined && {skip_system_prompt: options.skipSystemPrompt}),
  ...(options.logitBias && {logit_bias: options.logitBias}),
  ...(options.stopSequences && {stop_sequences: options.stopSequences}),
  ...(options.adoptCurrentBotName !== undefined && {adopt_current_bot_name: options.adoptCurrentBotName}),
  ...(options.tools && {tools: options.tools}),
  ...(options.toolCalls && {tool_calls: options.toolCalls}),
  ...(options.toolResults && {tool_results: options.toolResults}),
});

const text = v.object({text: v.string(), index: v.nullish(v.number())});
const file = v.object({
  url: v.string(),
  content_type: v.string(),
  name: v.string(),
  inline_ref: v.nullish(v.string(), null),
  index: v.nullish(v.number()),
});
const json = v.record(v.string(), v.unknown());
const failure = v.object({
  text: v.nullish(v.string()),
  allow_retry: v.nullish(v.boolean(), true),
  error_type: v.fallback(v.nullish(v.string()), undefined),
});

/** An event of another bot. Unknown ones are skipped, and `meta`, which describes its reply and not this one. */
function parseEvent({name, data}: ServerEvent, handle: string): BotEvent | undefined {
  const value = parseJson(data);
  switch (name) {
    case 'text':
    case 'replace_response': {
      const {index, ...rest} = read(text, value, handle);
      return {type: name, ...rest, ...(index != null && {index})};
    }
    case 'suggested_reply':
      return {type: name, text: read(text, value, handle).text};
    case 'file': {
      const {content_type, inline_ref, index, ...rest} = read(file, value, handle);
      return {type: name, ...rest, contentType: content_type, inlineRef: inline_ref, ...(index != null && {index})};
    }
    case 'json':
      return {type: name, data: read(json, value, handle)};
    case 'error': {
      const {text, allow_retry, error_type} = read(failure, value, handle);
      throw new ReplyError(text ?? `${handle} could not reply.`, {
        allowRetry: allow_retry ?? true,
        errorType: errorTypes.find((type) => type === error_type),
      });
    }
    default:
      return undefined;
  }
}

const errorTypes: readonly ReplyErrorType[] = [
  'user_message_too_long',
  'insufficient_fund',
  'user_caused_error',
  'privacy_authorization_error',
];

function read<const S extends v.GenericSchema>(schema: S, value: unknown, handle: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new PoeError('not_understood', `${handle} sent an event that is not understood`);
}
