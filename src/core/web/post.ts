import {interruption, PoeError} from '../errors.js';
import {type Bot, type Chat, type Message, nodeId} from '../model.js';
import type {OutgoingFile} from './attachments.js';
import type {Follower} from './follower.js';
import {nonce} from './nonce.js';
import type {SiteFacts} from './facts.js';
import type {SentFiles} from './multipart.js';
import type {AnswerOf} from './operations.js';
import {refusedSend, unclearSend} from './outcome.js';
import {atPrice} from './price.js';
import {noFiles, sendVariables} from './sendvariables.js';
import type {UploadProgress, Wire} from './wire.js';

/** How long an interrupted send waits to learn which chat to cancel. */
const interruptionGraceMs = 3_000;
/** How long the echo of a message may take whose send was not answered. */
const echoGraceMs = 1_500;

export interface Draft {
  text: string;
  bot: Bot;
  chat: Chat | undefined;
  files: readonly OutgoingFile[];
  onUpload: ((progress: UploadProgress) => void) | undefined;
  /** Points the user is ready to pay; null where that does not matter. */
  maxPoints: number | null;
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
  const {bot, maxPoints} = draft;
  const price = {bot: bot.handle, price: bot.displayMessagePointPrice, maxPoints};
  const answer = await atPrice(price, (price) => attempt(wire, follower, draft, price, signal));
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
  {text, bot, chat, files, onUpload}: Draft,
  price: number | null,
  signal?: AbortSignal,
): Promise<SendAnswer> {
  if (signal?.aborted) throw interruption(signal);
  follower.clientNonce = nonce();
  // The signal does not cut the request off at once: what Poe has taken is to be cancelled there, not forgotten.
  const leave = new AbortController();
  let isUploading = files.length > 0;
  const stop = () => {
    const graceMs = isUploading ? 0 : interruptionGraceMs;
    setTimeout(() => leave.abort(interruption(signal)), graceMs).unref();
  };
  signal?.addEventListener('abort', stop, {once: true});
  try {
    const clientNonce = follower.clientNonce;
    const {deviceId} = wire.session;
    const variables = (facts: SiteFacts, sent: SentFiles) =>
      sendVariables(facts, {
        text,
        bot: bot.handle,
        chatId: chat?.chatId ?? null,
        clientNonce,
        price,
        deviceId,
        ...sent,
      });
    const options = {
      signal: leave.signal,
      onUpload(progress: UploadProgress) {
        isUploading = progress.sent < progress.total;
        onUpload?.(progress);
      },
    };
    const {messageEdgeCreate} =
      files.length > 0
        ? await wire.upload('sendMessage', variables, files, options)
        : await wire.call('sendMessage', (facts) => variables(facts, noFiles), options);
    return messageEdgeCreate;
  } catch (error) {
    if (isUploading || !mayHaveBeenTaken(error)) throw error;
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
