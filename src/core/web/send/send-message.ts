import {interruption, PoeError} from '../../errors.js';
import type {OpenOptions} from '../../files/attachments.js';
import type {OutgoingFile} from '../../files/outgoing-file.js';
import {withResends} from '../../http/resend.js';
import {journalReply} from '../../journal/journal.js';
import type {Bot, Chat} from '../../model.js';
import type {FileSource, SendOptions} from '../../options.js';
import {Reply, type ReplySource} from '../../reply.js';
import {accountReply, whileReserved} from '../../spending/accounted-reply.js';
import {newNonce} from '../protocol/nonce.js';
import {ReplyTracker} from './follow/reply-tracker.js';
import {WebReplySource} from './follow/web-reply-source.js';
import {Guard} from './guard.js';
import type {Located, MessageLocator} from './locate-message.js';
import type {Draft, SendResult} from './message-sender.js';
import type {Id} from '../../names/id.js';
import {poeTime, reserve, type SendContext} from './send-context.js';
import {NotDelivered} from './send-errors.js';

type WebSendOptions = Omit<SendOptions, 'bot' | 'chat' | 'replyTo'> & {chat?: Chat | undefined; replyTo?: Id | null};

/**
 * Sends a message; resolves when Poe has accepted it. It is sent only once the live channel is open, so that no part of the reply is
 * missed. Aborting the signal, now or while the reply arrives, cancels the reply on Poe.
 * @param to the bot, or its handle in any letter case
 * @throws PoeError `delivery_unknown` if it is not known whether the message arrived
 */
export async function sendMessage(
  context: SendContext,
  text: string,
  to: string | Bot,
  options: WebSendOptions,
): Promise<Reply> {
  const {chat, signal, onUpload, maxPoints = null, retries, awaitTitle, isTemporary = false, replyTo = null} = options;
  const {http, bots} = context;
  if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write a message.'});
  await using attachments = await openFiles(options.files ?? [], {timeoutMs: http.timeoutMs, signal, log: http.log});
  // What follows needs no channel, and may take several requests.
  const opening = context.channel.open(signal);
  // It is awaited before the message is sent.
  opening.catch(() => {});
  const bot = await findBot(context, to, options);
  const {handle} = bot;
  const parameters = await parametersFor(context, bot, options);
  const {sendsParametersAsObject} = bots;
  const {files} = attachments;
  const draft = {text, bot, chat, files, onUpload, maxPoints, isTemporary, replyTo, parameters};
  const message = {...draft, sendsParametersAsObject};
  const send = () => {
    const pending = {clientNonce: newNonce(), chatId: chat?.chatId ?? null, bot: handle, sentAt: poeTime(context)};
    return sendOnce(context, {...message, pending}, {signal, awaitTitle});
  };
  const shownPrice = message.bot.displayMessagePointPrice;
  const reservation = await reserve(
    context,
    {bot: handle, shownPrice, price: () => bots.priceOf(bot, {text, signal}), maxPoints},
    {signal, onExpensive: options.onExpensive},
  );
  const source = await whileReserved(reservation, async () => {
    await opening;
    const isRepeated = (error: PoeError) => error.code === 'delivery_unknown' || error instanceof NotDelivered;
    return withResends({retries, signal}, send, isRepeated);
  });
  return new Reply(accountReply(source, reservation));
}

/** A bot with its parameters, if they are needed. */
async function findBot(
  {bots}: SendContext,
  bot: string | Bot,
  {signal, parameters, effort}: WebSendOptions,
): Promise<Bot> {
  if (typeof bot === 'string') return bots.info(bot, {signal});
  return parameters || effort ? bots.info(bot.handle, {signal}) : bot;
}

/** The parameters to send. The module is loaded only if there are any. @throws PoeError */
async function parametersFor(
  {http}: SendContext,
  bot: Pick<Bot, 'handle' | 'parameters'>,
  options: WebSendOptions,
): Promise<Draft['parameters']> {
  if (!options.parameters && !options.effort) return null;
  const {chooseParameters} = await import('./choose-parameters.js');
  return chooseParameters(bot, options, http.log);
}

/** Sends a message in one call. @throws PoeError */
async function sendOnce(
  context: SendContext,
  draft: Draft,
  {signal, awaitTitle}: Pick<WebSendOptions, 'signal' | 'awaitTitle'>,
): Promise<ReplySource> {
  const {journal, sender, locator} = context;
  const {bot, pending} = draft;
  const channel = await context.channel.open(signal);
  using entry = new Guard(journal.add(pending), (open) => open.flush());
  const tracker = new ReplyTracker(pending.clientNonce);
  using listening = new Guard(channel.listen(tracker), (stop) => stop());

  const result = await sender.send(draft, tracker, signal);
  if (result.type === 'rejected') {
    entry.release().remove();
    throw result.error;
  }
  const accepted = await locate(locator, draft, result, tracker, signal);
  if (accepted.type === 'absent') {
    entry.release().remove();
    throw accepted.error;
  }
  if (signal?.aborted) {
    await sender.tryCancel(accepted.chat.chatId);
    throw interruption(signal);
  }
  const source = new WebReplySource(context, {
    chat: {...accepted.chat, bot: accepted.chat.bot ?? bot.handle},
    userMessageId: accepted.userMessageId ?? tracker.echo?.userMessageId ?? null,
    botMessage: accepted.botMessage,
    bot: bot.handle,
    tracker,
    stopListening: listening.release(),
    signal,
    cancelOnAbort: true,
    awaitTitle,
  });
  return journalReply(source, entry.release());
}

async function locate(
  locator: MessageLocator,
  draft: Draft,
  result: Exclude<SendResult, {type: 'rejected'}>,
  tracker: ReplyTracker,
  signal?: AbortSignal,
): Promise<Located> {
  switch (result.type) {
    case 'accepted':
      return result;
    case 'unnamed':
      return {type: 'accepted', ...(await locator.unnamed(draft, result, tracker))};
    case 'unanswered':
      return locator.unanswered(draft, result.error, tracker, signal);
  }
}

interface OpenFiles extends AsyncDisposable {
  files: readonly OutgoingFile[];
}

/** Opens attachments. The module is loaded only if there are any, because that takes a while. */
async function openFiles(sources: readonly FileSource[], options: OpenOptions): Promise<OpenFiles> {
  if (sources.length === 0) return {files: [], async [Symbol.asyncDispose]() {}};
  const {openAttachments} = await import('../../files/attachments.js');
  const {files, close} = await openAttachments(sources, options);
  return {files, [Symbol.asyncDispose]: close};
}
