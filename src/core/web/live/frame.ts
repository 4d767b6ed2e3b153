import * as v from 'valibot';
import {LargeNumberSearch, parseExactJson} from '../../http/json.js';
import {type Id, parseId} from '../../names/id.js';
import {IdNumber} from '../../input/lenient.js';

/** An event in the account. */
export interface ChannelEvent {
  /** The name of the subscription, such as `messageAdded`. */
  name: string;
  /** The chat it happened in, if the event names one. */
  chatId: Id | undefined;
  data: unknown;
}

export interface Frame {
  /** The position of the channel after this frame (`min_seq`). */
  position: Id | undefined;
  events: ChannelEvent[];
  /** The channel must be replaced: events were dropped, or Poe asks for a new one. */
  isDead: boolean;
  /** How many messages in it could not be read. */
  malformed: number;
}

const Outer = v.object({
  messages: v.fallback(v.array(v.unknown()), []),
  min_seq: v.fallback(v.nullish(IdNumber, null), null),
  error: v.fallback(v.nullish(v.string(), null), null),
  message_type: v.fallback(v.nullish(v.string(), null), null),
});

function parseText(text: string, hasLarge: boolean): unknown {
  try {
    return parseExactJson(text, {hasLarge});
  } catch {
    return undefined;
  }
}

/** Reads a value that is sent either as it is or as JSON text. */
type Decode = (value: unknown) => unknown;

const decoder =
  (hasLarge: boolean): Decode =>
  (value) =>
    typeof value === 'string' ? parseText(value, hasLarge) : value;

/** JSON within JSON has the same digits, so that only the outer text is searched for large numbers. */
const decoders = {exact: decoder(true), plain: decoder(false)};

const innerOf = (decode: Decode) =>
  v.object({
    message_type: v.fallback(v.string(), ''),
    payload: v.fallback(
      v.pipe(
        v.unknown(),
        v.transform(decode),
        v.object({
          unique_id: v.fallback(v.string(), ''),
          subscription_name: v.fallback(v.string(), ''),
          data: v.fallback(v.pipe(v.unknown(), v.transform(decode), v.record(v.string(), v.unknown())), {}),
        }),
      ),
      {unique_id: '', subscription_name: '', data: {}},
    ),
  });

const inner = {exact: innerOf(decoders.exact), plain: innerOf(decoders.plain)};

/** A frame whose messages have not been read yet. */
type OpenFrame = v.InferOutput<typeof Outer> & {isExact: boolean};

/**
 * Reads a frame in two steps. Parts that cannot be read are skipped.
 * @param numbers for all frames of a channel: Poe repeats the text so far with each update
 * @returns the second step, which does not need the text. Undefined if that is not a JSON object
 */
export function openFrame(text: string, numbers = new LargeNumberSearch()): (() => Frame) | undefined {
  const isExact = numbers.has(text);
  const json = parseText(text, isExact);
  const outer = v.safeParse(Outer, json);
  if (!outer.success) return undefined;
  // A single message may be sent without a list around it.
  const messages = outer.output.message_type === null ? outer.output.messages : [json];
  return () => readMessages({...outer.output, messages, isExact});
}

function readMessages({messages, min_seq: position, error, isExact}: OpenFrame): Frame {
  const [Inner, decode] = isExact ? [inner.exact, decoders.exact] : [inner.plain, decoders.plain];
  const frame: Frame = {position: position ?? undefined, events: [], isDead: error === 'missed_messages', malformed: 0};
  for (const message of messages) {
    const parsed = v.safeParse(Inner, decode(message));
    if (!parsed.success) frame.malformed++;
    else if (parsed.output.message_type === 'refetchChannel') frame.isDead = true;
    else if (nameOf(parsed.output.payload) !== '') frame.events.push(toEvent(parsed.output.payload, decode));
  }
  return frame;
}

type Payload = v.InferOutput<typeof inner.plain>['payload'];

/** The name of the subscription, or else of the first field. */
const nameOf = ({subscription_name: name, data}: Payload): string => name || (Object.keys(data)[0] ?? '');

function toEvent(payload: Payload, decode: Decode): ChannelEvent {
  const {unique_id: id, data: fields} = payload;
  const name = nameOf(payload);
  const data = decode(fields[name]);
  const digits = [...id.matchAll(/(?:^|:)(\d{1,20})(?=:|$)/g)].at(-1)?.[1];
  return {name, chatId: digits === undefined ? chatIn(data) : parseId(digits), data};
}

function chatIn(data: unknown): Id | undefined {
  const parsed = v.safeParse(InChat, data);
  return parsed.success ? parsed.output.chat.chatId : undefined;
}

const InChat = v.object({chat: v.object({chatId: IdNumber})});
