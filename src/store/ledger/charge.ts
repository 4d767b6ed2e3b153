import * as v from 'valibot';
import type {SettledReply} from '../../core/spending/ledger.js';

const text = v.nullable(v.string());
const number = v.nullable(v.number());

/** A message that poe sent, and what it cost, as one line of JSON. Later lines with the same ID replace earlier ones. */
export const Charge = v.object({
  id: v.string(),
  /** Milliseconds since 1970, by the clock of this machine. */
  sentAt: v.number(),
  /** By Poe's clock, if it is known. */
  time: v.number(),
  site: v.string(),
  via: v.picklist(['web', 'api']),
  bot: v.string(),
  chat: text,
  chatCode: text,
  messageCode: text,
  input: number,
  output: number,
  cached: number,
  /** Null if the cost is not known. */
  points: number,
  isEstimate: v.boolean(),
  /** The program that the message was sent for; missing for messages of poe itself. */
  client: v.optional(text),
});
export type Charge = v.InferOutput<typeof Charge>;

/** What is known of a charge before the message is sent. */
export type ChargeBase = Pick<Charge, 'id' | 'sentAt' | 'site' | 'via' | 'bot' | 'client'>;
type Cost = Pick<Charge, 'points' | 'isEstimate'>;

/** The charge for a reply. */
export function chargeOf(base: ChargeBase, reply: SettledReply | undefined, cost: Cost): Charge {
  const {chat, botMessage, usage} = reply ?? {};
  // Only chats with an API key have a time by Poe's clock.
  const time = base.via === 'api' ? Date.parse(chat?.lastInteractionTime ?? '') : Number.NaN;
  const {id, sentAt, site, via, client} = base;
  // Without spreads, which are slow for objects with so many fields: a batch stores a charge for each prompt.
  return {
    id,
    sentAt,
    time: Number.isNaN(time) ? sentAt : time,
    site,
    via,
    bot: reply?.bot || base.bot,
    chat: chat?.title ?? null,
    chatCode: chat?.chatCode ?? null,
    messageCode: botMessage?.messageCode ?? null,
    input: usage?.promptTokens ?? null,
    output: usage?.completionTokens ?? null,
    cached: usage?.cachedTokens ?? null,
    points: cost.points,
    isEstimate: cost.isEstimate,
    client,
  };
}
