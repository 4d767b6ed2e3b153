import * as v from 'valibot';
import {wholeNumber} from '../../model.js';
import {parseJson} from '../../http/json.js';

/** Something that happened in the account, as the live channel tells it. */
export interface ChannelEvent {
  /** The subscription's name, such as `messageAdded`. */
  name: string;
  /** The chat it happened in, where the event says so. */
  chatId: number | undefined;
  data: unknown;
}

export interface Frame {
  /** Where the channel stands after this frame (`min_seq`). */
  position: number | undefined;
  events: ChannelEvent[];
  /** The channel is no longer good: events were missed, or Poe asks for another one. */
  isDead: boolean;
  /** Parts that could not be read. */
  malformed: number;
}

const Outer = v.object({
  messages: v.fallback(v.array(v.unknown()), []),
  min_seq: v.fallback(
    v.nullish(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]), null),
    null,
  ),
  error: v.fallback(v.nullish(v.string(), null), null),
  message_type: v.fallback(v.nullish(v.string(), null), null),
});

/** What may come as it is, or as the text of it. */
const unpacked = (value: unknown): unknown => (typeof value === 'string' ? parseJson(value) : value);

const Inner = v.object({
  message_type: v.fallback(v.string(), ''),
  payload: v.fallback(
    v.pipe(
      v.unknown(),
      v.transform(unpacked),
      v.object({
        unique_id: v.fallback(v.string(), ''),
        subscription_name: v.fallback(v.string(), ''),
        data: v.fallback(v.pipe(v.unknown(), v.transform(unpacked), v.record(v.string(), v.unknown())), {}),
      }),
    ),
    {unique_id: '', subscription_name: '', data: {}},
  ),
});

/** Reads one frame of the socket; undefined where it is no JSON object. One odd part does not spoil the others. */
export function readFrame(text: string): Frame | undefined {
  const told = parseJson(text);
  const outer = v.safeParse(Outer, told);
  if (!outer.success) return undefined;
  const {message_type: type, min_seq: position, error} = outer.output;
  // A message may come by itself, without a list around it.
  const messages = type === null ? outer.output.messages : [told];
  const frame: Frame = {position: position ?? undefined, events: [], isDead: error === 'missed_messages', malformed: 0};
  for (const message of messages) {
    const inner = v.safeParse(Inner, unpacked(message));
    if (!inner.success) frame.malformed++;
    else if (inner.output.message_type === 'refetchChannel') frame.isDead = true;
    else if (nameOf(inner.output.payload) !== '') frame.events.push(toEvent(inner.output.payload));
  }
  return frame;
}

type Payload = v.InferOutput<typeof Inner>['payload'];

/** The subscription's name; where it is not told, that of what happened. */
const nameOf = ({subscription_name: name, data}: Payload): string => name || (Object.keys(data)[0] ?? '');

function toEvent(payload: Payload): ChannelEvent {
  const {unique_id: id, data: all} = payload;
  const name = nameOf(payload);
  const data = unpacked(all[name]);
  const digits = [...id.matchAll(/(?:^|:)(\d{1,15})(?=:|$)/g)].at(-1)?.[1];
  return {name, chatId: digits === undefined ? chatIn(data) : Number(digits), data};
}

function chatIn(data: unknown): number | undefined {
  const told = v.safeParse(OfChat, data);
  return told.success ? told.output.chat.chatId : undefined;
}

const OfChat = v.object({chat: v.object({chatId: wholeNumber})});
