import {interruption, PoeError} from '../../errors.js';
import type {PendingMessage} from '../../journal.js';
import {type Bot, type Chat, type Message, nodeId} from '../../model.js';
import type {UploadProgress} from '../../options.js';
import {findSentMessage} from './find-sent-message.js';
import type {OutgoingFile} from '../../files/attachments.js';
import type {Chats} from '../chats.js';
import type {ReplyTracker} from './reply-tracker.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {FileReferences} from '../session/upload.js';
import type {AnswerOf} from '../protocol/operations.js';
import {sendRejected, acceptedButNotFound, notDelivered, unknownDelivery} from './send-errors.js';
import {atPrice} from './price.js';
import {noFiles, sendVariables} from './send-variables.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/** How long an interrupted send waits to learn which chat to cancel. */
const interruptionGraceMs = 3_000;
/** How long the echo of a message may take whose send was not answered, before Poe is asked for it. */
const echoGraceMs = 1_500;
/** Poe is asked twice, for a message may take a moment to be seen. */
const mostLooks = 2;
/** How long that may take each time. */
const lookingMs = 10_000;

export interface Draft {
  text: string;
  bot: Bot;
  chat: Chat | undefined;
  sending: PendingMessage & {clientNonce: string};
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
 * one before it creates anything. An answer that is lost on its way is made up for by the echo of the message on the channel, or
 * by looking for it on Poe.
 * @throws PoeError
 */
export async function sendMessage(
  wire: GraphqlClient,
  chats: Chats,
  follower: ReplyTracker,
  draft: Draft,
  signal?: AbortSignal,
): Promise<Accepted> {
  const {bot, maxPoints} = draft;
  const price = {bot: bot.handle, price: bot.displayMessagePointPrice, maxPoints};
  const answer = await atPrice(price, (price) => attempt(wire, chats, follower, draft, price, signal));
  const {status, statusMessage, message, botMessage} = answer;
  const isNamed = message !== null || botMessage !== null || follower.echo !== undefined;
  if (status !== 'success' && !(status === null && isNamed)) throw sendRejected(status, statusMessage, bot.handle);
  const chat = answer.chat ?? draft.chat ?? null;
  const told = chat && isNamed ? {chat, message, botMessage} : await learned(wire, chats, follower, draft, answer);
  return {
    chat: {...told.chat, bot: told.chat.bot ?? bot.handle},
    userMessageId: told.message?.node.messageId ?? follower.echo?.userMessageId ?? null,
    botMessage: told.botMessage?.node ?? null,
  };
}

async function attempt(
  wire: GraphqlClient,
  chats: Chats,
  follower: ReplyTracker,
  draft: Draft,
  price: number | null,
  signal?: AbortSignal,
): Promise<SendAnswer> {
  if (signal?.aborted) throw interruption(signal);
  const {text, bot, chat, sending, files, onUpload} = draft;
  // The signal does not cut the request off at once: what Poe has taken is to be cancelled there, not forgotten.
  const leave = new AbortController();
  let isUploading = files.length > 0;
  const stop = () => {
    const graceMs = isUploading ? 0 : interruptionGraceMs;
    setTimeout(() => leave.abort(interruption(signal)), graceMs).unref();
  };
  signal?.addEventListener('abort', stop, {once: true});
  try {
    const {clientNonce} = sending;
    const {deviceId} = wire.session;
    const variables = (facts: SiteFacts, references: FileReferences) =>
      sendVariables(facts, {
        text,
        bot: bot.handle,
        chatId: chat?.chatId ?? null,
        clientNonce,
        price,
        deviceId,
        ...references,
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
    if (await hasEcho(follower)) return fromEcho(follower, chat);
    if (signal?.aborted) throw interruption(signal);
    return await fromLooking(wire, chats, follower, draft, error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const mayHaveBeenTaken = (error: unknown): error is PoeError =>
  error instanceof PoeError &&
  ['network', 'timeout', 'unavailable', 'not_understood', 'interrupted'].includes(error.code);

async function hasEcho(follower: ReplyTracker): Promise<boolean> {
  const until = performance.now() + echoGraceMs;
  for (let left = echoGraceMs; !follower.echo && left > 0; left = until - performance.now()) {
    await follower.changed(follower.version, left);
  }
  return follower.echo !== undefined;
}

const fromEcho = (follower: ReplyTracker, chat: Chat | undefined): SendAnswer => ({
  ...taken,
  chat: chat ?? chatOfEcho(follower),
});

function chatOfEcho({echo}: ReplyTracker): Chat {
  const chatId = echo?.chatId ?? 0;
  return {id: nodeId('Chat', chatId), chatId, chatCode: null, title: null, bot: null, lastInteractionTime: null};
}

/** What the answer to a message that was taken leaves out: the chat that was made for it, or the message itself. @throws PoeError */
async function learned(
  wire: GraphqlClient,
  chats: Chats,
  follower: ReplyTracker,
  draft: Draft,
  {message, botMessage, ...answer}: SendAnswer,
): Promise<Pick<SendAnswer, 'message' | 'botMessage'> & {chat: Chat}> {
  const chat = answer.chat ?? draft.chat;
  if (await hasEcho(follower)) {
    const ofEcho = chatOfEcho(follower);
    const find = () => chats.find({chatId: ofEcho.chatId}, {signal: lookingLimit(wire)}).catch(() => ofEcho);
    return {chat: chat ?? (await find()), message, botMessage};
  }
  const sending = {...draft.sending, chatId: chat?.chatId ?? null};
  const error = new PoeError('not_understood', 'Poe accepted the message, but its response does not name the chat');
  try {
    const found = await fromLooking(wire, chats, follower, {...draft, sending}, error);
    return {...found, chat: chat ?? found.chat ?? chatOfEcho(follower)};
  } catch (failure) {
    // Whatever looking found, Poe has said that the message is there: nobody is to be told to send it again.
    if (!chat) throw failure instanceof PoeError ? acceptedButNotFound(failure) : failure;
    return {chat, message, botMessage};
  }
}

const lookingLimit = ({session: {http}}: GraphqlClient): AbortSignal =>
  AbortSignal.timeout(Math.min(lookingMs, http.timeoutMs));

/** Asks Poe whether the message is there. @throws PoeError that says what is known, when it is not */
async function fromLooking(
  wire: GraphqlClient,
  chats: Chats,
  follower: ReplyTracker,
  {sending, text}: Draft,
  error: PoeError,
): Promise<SendAnswer> {
  const {skewMs} = wire.session.http.clock;
  for (let look = 1; look <= mostLooks; look++) {
    const found = await findSentMessage(chats, sending, {text, skewMs, signal: lookingLimit(wire)}).catch(
      (failure: unknown) => {
        if (failure instanceof PoeError) return 'doubtful' as const;
        throw failure;
      },
    );
    if (found === 'doubtful') throw unknownDelivery(error);
    if (found) {
      // What the channel did not bring so far it may not bring later either.
      follower.gap();
      return {
        ...taken,
        chat: found.chat,
        message: {node: found.question},
        botMessage: found.answer && {node: found.answer},
      };
    }
    if (look < mostLooks && (await hasEcho(follower))) return fromEcho(follower, undefined);
  }
  throw notDelivered(error);
}

const taken = {status: 'success', statusMessage: null, message: null, chat: null, botMessage: null, bot: null};
