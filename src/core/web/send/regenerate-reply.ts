import type {ChatRef} from '../../names/chat-ref.js';
import {interruption, maybeCharged} from '../../errors.js';
import {withResends} from '../../http/resend.js';
import {journalReply} from '../../journal/journal.js';
import {lastExchange} from '../../message.js';
import type {Chat} from '../../model.js';
import type {RetryOptions} from '../../options.js';
import {Reply} from '../../reply.js';
import {accountReply, whileReserved} from '../../spending/accounted-reply.js';
import {unknownPrice} from '../../spending/price.js';
import {ReplyTracker} from './follow/reply-tracker.js';
import {WebReplySource} from './follow/web-reply-source.js';
import {Guard} from './guard.js';
import {botOf, poeTime, reserve, type SendContext} from './send-context.js';
import {noReply} from './send-errors.js';

/** Regenerates the last reply of a chat. Aborting the signal cancels it on Poe. @throws PoeError */
export function regenerateReply(context: SendContext, ref: ChatRef | Chat, options: RetryOptions): Promise<Reply> {
  return withResends(options, () => regenerateOnce(context, ref, options));
}

async function regenerateOnce(
  context: SendContext,
  ref: ChatRef | Chat,
  {signal, maxPoints, onExpensive}: RetryOptions,
): Promise<Reply> {
  const {bots, chats, journal, sender} = context;
  const [{chat, messages, price: chatPrice}, channel] = await Promise.all([
    chats.newest(ref, {signal}),
    context.channel.open(signal),
  ]);
  const {userMessage, reply} = lastExchange(messages);
  if (!reply) throw noReply(chat);
  const bot = botOf(reply, chat);
  const price = chatPrice ?? (bot ? (await bots.info(bot, {signal})).displayMessagePointPrice : null);
  const text = userMessage?.text ?? '';
  const reservation = await reserve(
    context,
    {
      bot,
      shownPrice: price,
      price: async () => (bot ? bots.price(bot, {text, signal}) : unknownPrice),
      maxPoints: maxPoints ?? null,
    },
    {signal, onExpensive},
  );
  return whileReserved(reservation, async () => {
    const pending = {clientNonce: null, chatId: chat.chatId, bot, sentAt: poeTime(context)};

    using entry = new Guard(journal.add(pending), (open) => open.flush());
    const tracker = new ReplyTracker();
    using listening = new Guard(channel.listen(tracker), (stop) => stop());

    const result = await sender.regenerate({reply, bot, price, maxPoints: maxPoints ?? null}, signal);
    if (signal?.aborted) {
      // Poe may have started the reply even if the call failed.
      await sender.tryCancel(chat.chatId);
      throw interruption(signal);
    }
    if (result.type === 'rejected') {
      entry.release().remove();
      throw result.error;
    }
    if (result.type === 'unanswered') throw maybeCharged(result.error, 'check_history');

    const source = new WebReplySource(context, {
      chat,
      userMessageId: userMessage?.messageId ?? null,
      botMessage: result.botMessage,
      replaced: reply,
      bot,
      tracker,
      stopListening: listening.release(),
      signal,
      cancelOnAbort: true,
    });
    return new Reply(accountReply(journalReply(source, entry.release()), reservation));
  });
}
