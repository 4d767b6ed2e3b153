import {randomInt} from 'node:crypto';
import * as v from 'valibot';
import {interruption, PoeError} from '../errors.js';
import {type Bot, type Chat, type Message, nodeId} from '../model.js';
import type {Follower} from './follower.js';
import type {AnswerOf} from './operations.js';
import {refusedSend, unclearSend} from './outcome.js';
import type {Wire} from './wire.js';

/** How long an interrupted send waits to learn which chat to cancel. */
const interruptionGraceMs = 3_000;
/** How long the echo of a message may take whose send was not answered. */
const echoGraceMs = 1_500;

export interface Draft {
  text: string;
  bot: Bot;
  chat: Chat | undefined;
}

/** A message that Poe has taken. */
export interface Accepted {
  chat: Chat;
  userMessageId: number | null;
  botMessage: Message | null;
}

type SendAnswer = AnswerOf<'sendMessage'>['messageEdgeCreate'];

/**
 * Posts a message and learns what Poe made of it. A price that has changed meanwhile is corrected once: Poe refuses a wrong
 * one before it creates anything. An answer that is lost on its way is made up for by the echo of the message on the channel.
 * @throws PoeError
 */
export async function post(wire: Wire, follower: Follower, draft: Draft, signal?: AbortSignal): Promise<Accepted> {
  const {displayMessagePointPrice: price} = draft.bot;
  const first = await attempt(wire, follower, draft, price, signal);
  const repriced = first.status === 'message_points_display_price_mismatch' ? newPrice(first) : undefined;
  const answer = repriced === undefined ? first : await attempt(wire, follower, draft, repriced, signal);
  const message = answer.message?.node ?? null;
  const chat = answer.chat ?? draft.chat;
  const isTaken = answer.status === null || answer.status === 'success';
  if (!isTaken || !chat || (!message && !answer.botMessage && !follower.echo)) {
    throw refusedSend(answer.status, answer.statusMessage, draft.bot.handle);
  }
  return {
    chat: {...chat, bot: chat.bot ?? draft.bot.handle},
    userMessageId: message?.messageId ?? follower.echo?.userMessageId ?? null,
    botMessage: answer.botMessage?.node ?? null,
  };
}

async function attempt(
  wire: Wire,
  follower: Follower,
  {text, bot, chat}: Draft,
  price: number | null,
  signal?: AbortSignal,
): Promise<SendAnswer> {
  if (signal?.aborted) throw interruption(signal);
  follower.clientNonce = nonce();
  // The signal does not cut the request off at once: what Poe has taken is to be cancelled there, not forgotten.
  const leave = new AbortController();
  const stop = () => setTimeout(() => leave.abort(interruption(signal)), interruptionGraceMs).unref();
  signal?.addEventListener('abort', stop, {once: true});
  try {
    const {messageEdgeCreate} = await wire.call(
      'sendMessage',
      {
        chatId: chat?.chatId ?? null,
        bot: bot.handle,
        query: text,
        shouldFetchChat: true,
        source: {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}},
        clientNonce: follower.clientNonce,
        sdid: '',
        attachments: [],
        existingMessageAttachmentsIds: [],
        ...(price !== null && {messagePointsDisplayPrice: price}),
      },
      {signal: leave.signal},
    );
    return messageEdgeCreate;
  } catch (error) {
    if (!mayHaveBeenTaken(error)) throw error;
    return await fromEcho(follower, chat, signal?.aborted ? interruption(signal) : unclearSend(error));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const mayHaveBeenTaken = (error: unknown): error is PoeError =>
  error instanceof PoeError &&
  ['network', 'timeout', 'unavailable', 'not_understood', 'interrupted'].includes(error.code);

async function fromEcho(follower: Follower, chat: Chat | undefined, otherwise: PoeError): Promise<SendAnswer> {
  const until = Date.now() + echoGraceMs;
  for (let left = echoGraceMs; !follower.echo && left > 0; left = until - Date.now()) {
    await follower.changed(follower.version, left);
  }
  if (!follower.echo) throw otherwise;
  const {chatId} = follower.echo;
  const unnamed = {
    id: nodeId('Chat', chatId),
    chatId,
    chatCode: null,
    title: null,
    bot: null,
    lastInteractionTime: null,
  };
  return {status: 'success', statusMessage: null, message: null, chat: chat ?? unnamed, botMessage: null, bot: null};
}

function newPrice({bot}: SendAnswer): number | undefined {
  const parsed = v.safeParse(v.object({messagePointLimit: v.object({displayMessagePointPrice: v.number()})}), bot);
  return parsed.success ? parsed.output.messagePointLimit.displayMessagePointPrice : undefined;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Ties Poe's echo of a message to its send. */
const nonce = () => Array.from({length: 16}, () => letters.charAt(randomInt(letters.length))).join('');
