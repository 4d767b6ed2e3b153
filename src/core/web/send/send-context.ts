import type {CallOptions, RetryOptions} from '../../options.js';
import type {PoeError} from '../../errors.js';
import type {Journal} from '../../journal/journal.js';
import type {Chat, Message} from '../../model.js';
import type {ReplyActions} from '../../reply.js';
import type {Ledger, Reservation} from '../../spending/ledger.js';
import {expensivePoints, fixedPrice, type Price, priceError} from '../../spending/price.js';
import type {WebBots} from '../bots.js';
import type {WebChats} from '../chats.js';
import type {SharedChannel} from '../live/shared-channel.js';
import type {Http} from '../session/http.js';
import type {MessageLocator} from './locate-message.js';
import type {MessageSender} from './message-sender.js';

/** Everything needed to send, regenerate and attach to a reply. */
export interface SendContext {
  http: Http;
  channel: SharedChannel;
  bots: WebBots;
  chats: WebChats;
  journal: Journal;
  ledger: Ledger;
  sender: MessageSender;
  locator: MessageLocator;
  replyActions: ReplyActions;
}

/** The current time by Poe's clock, which is known once the channel is open. ISO 8601. */
export const poeTime = ({http}: SendContext): string => new Date(http.clock.now()).toISOString();

export const isUnreachable = ({code}: PoeError): boolean => ['network', 'timeout', 'unavailable'].includes(code);

/** The handle of the bot that wrote a message; its display name if Poe does not show the handle. */
export const botOf = ({bot}: Message, chat: Chat): string => bot?.handle ?? bot?.displayName ?? chat.bot ?? '';

interface PlannedCost {
  bot: string;
  /** The price that Poe shows with the bot, in points. */
  shownPrice: number | null;
  /** Looks the price up if Poe shows none. */
  price: () => Promise<Price>;
  maxPoints: number | null;
}

/**
 * Checks the price of a message against the limit, and sets it aside in the budget. Without a limit and a budget, the price is not
 * looked up.
 * @throws PoeError `too_expensive`, `over_budget`
 */
export async function reserve(
  {ledger, bots}: SendContext,
  {bot, shownPrice, maxPoints, ...planned}: PlannedCost,
  {onExpensive, ...options}: CallOptions & Pick<RetryOptions, 'onExpensive'>,
): Promise<Reservation> {
  let looking: Promise<Price> | undefined;
  // The limit and the budget may both need it.
  const price = () => (looking ??= shownPrice === null ? planned.price() : Promise.resolve(fixedPrice(shownPrice)));
  const known = maxPoints === null ? null : await price();
  const tooExpensive = known ? priceError(bot, known, maxPoints) : undefined;
  // Poe.com has no limit for replies that could be lowered.
  if (tooExpensive?.facts.remedy === 'limit_reply') throw tooExpensive.with({remedy: 'raise_max_points'});
  if (tooExpensive) throw tooExpensive;
  const points = known?.points ?? shownPrice ?? (onExpensive ? await bots.lastPrice(bot) : null);
  if (points !== null && points >= expensivePoints) await onExpensive?.(points);
  return ledger.reserve({via: 'web', bot, price}, options);
}
