import {fieldsOf, parseJson} from '../../core/http/json.js';
import {PoeError} from '../../core/errors.js';
import {oneLine} from '../../core/api/http/errors.js';
import {readBytes, type StreamedResponse} from '../../core/http/request.js';
import type {TokenUsage} from '../../core/reply.js';
import {ServeError} from '../errors/serve-error.js';
import {maybeChargedStatus, toServeErrorOfReply} from '../errors/to-serve-error.js';
import type {BotRequest, ReplyWriter} from '../serve-backend.js';
import {eventsOfCompletion} from './events-of-completion.js';
import {StreamTap} from './stream-tap.js';
import {tokenUsage} from './token-usage.js';

/** The headers of Poe that programs read. */
const passedHeaders = [
  'x-request-id',
  'request-id',
  ...['limit', 'remaining', 'reset'].flatMap((name) => [
    `x-ratelimit-${name}-requests`,
    `anthropic-ratelimit-requests-${name}`,
  ]),
];

/** Bytes. Images may be inside the reply. */
const maxReplyBytes = 64 * 1024 * 1024;

/**
 * Passes on a successful response as it is.
 * @param onUsage called with the tokens of the reply, if Poe has sent them
 * @throws PoeError `reply_lost` if it is not complete
 */
export async function relayReply(
  response: StreamedResponse,
  request: BotRequest,
  reply: ReplyWriter,
  onUsage: (usage: TokenUsage) => void,
): Promise<void> {
  const headers = Object.fromEntries(
    passedHeaders.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  try {
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
    await (isStream ? relayStream : relayObject)(response, request, {reply, headers, onUsage});
  } finally {
    response.close();
  }
}

interface RelayOptions {
  reply: ReplyWriter;
  headers: Readonly<Record<string, string>>;
  onUsage: (usage: TokenUsage) => void;
}

type Relay = (response: StreamedResponse, request: BotRequest, options: RelayOptions) => Promise<void>;

const relayObject: Relay = async (response, request, {reply, headers, onUsage}) => {
  const body = await readBytes(response, maxReplyBytes).catch((error: unknown) => {
    throw toServeErrorOfReply(error);
  });
  const parsed = parseJson(new TextDecoder().decode(body));
  if (parsed === undefined) throw endedEarly();
  const usage = tokenUsage(fieldsOf(parsed)['usage']);
  if (usage) onUsage(usage);
  const isForStream = request.isStreamed && request.format === 'chat';
  const events = isForStream ? eventsOfCompletion(parsed, asksForUsage(request)) : undefined;
  if (events !== undefined) {
    reply.startEvents({headers});
    void reply.write(events);
    return reply.end();
  }
  reply.jsonText(body, {headers});
};

const asksForUsage = ({body}: BotRequest): boolean => fieldsOf(body['stream_options'])['include_usage'] === true;

const relayStream: Relay = async (response, request, {reply, headers, onUsage}) => {
  const {format} = request;
  const tap = new StreamTap(format, {hidesUsage: format === 'chat' && !asksForUsage(request)});
  reply.startEvents({headers});
  try {
    await response.forEach((chunk) => {
      const lines = tap.push(chunk);
      return lines && reply.write(lines);
    });
  } catch (error) {
    throw toServeErrorOfReply(error);
  } finally {
    // The counts at the beginning of a reply that was cut say nothing of its length.
    const usage = tap.isComplete ? tap.usage : undefined;
    if (usage) onUsage(usage);
  }
  if (!tap.isComplete) throw endedEarly();
  const message = tap.onlyError;
  if (message !== undefined) throw new ServeError(maybeChargedStatus, oneLine(message), failed);
  const rest = tap.rest();
  if (rest.byteLength > 0) void reply.write(rest);
  reply.end();
};

const failed = {kind: 'unavailable', mayRepeat: false} as const;

const endedEarly = () => new PoeError('reply_lost', 'The reply ended early');
