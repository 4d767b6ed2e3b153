import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import type {OutgoingFile} from '../../files/outgoing-file.js';
import {Delivery} from '../../http/delivery.js';
import type {PendingMessage} from '../../journal/journal.js';
import type {Bot, Chat, Message} from '../../model.js';
import type {CallOptions, UploadProgress} from '../../options.js';
import {assertDone, assertPresent} from '../protocol/assert-success.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {AnswerOf} from '../protocol/operations.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import type {FileReferences} from '../session/upload.js';
import {priceError} from '../../spending/price.js';
import {correctedPrice} from './price.js';
import type {ReplyTracker} from './follow/reply-tracker.js';
import {sendRejected} from './send-errors.js';
import {sendVariables} from './send-variables.js';
import type {Id} from '../../names/id.js';
import {whenAborted} from '../../http/when-aborted.js';

/** How long an interrupted send may take to learn which chat to cancel. */
const interruptGraceMs = 3_000;
/** How long `tryCancel` may take. */
const cancelTimeoutMs = 5_000;

/** A message to send. */
export interface Draft {
  text: string;
  bot: Pick<Bot, 'handle' | 'displayMessagePointPrice'>;
  chat: Chat | undefined;
  pending: PendingMessage & {clientNonce: string};
  files: readonly OutgoingFile[];
  onUpload: ((progress: UploadProgress) => void) | undefined;
  /** The most points the message may cost; null for no limit. A price that Poe does not show was checked before. */
  maxPoints: number | null;
  isTemporary: boolean;
  /** The message that this one replies to. */
  replyTo: Id | null;
  /** Parameters of the bot; null for none. */
  parameters: Readonly<Record<string, unknown>> | null;
  /** See `WebBots`. */
  sendsParametersAsObject: boolean;
}

/** A reply to regenerate. */
export interface Regeneration {
  reply: Message;
  bot: string;
  /** The price that Poe shows; null if it shows none. */
  price: number | null;
  /** As in `Draft`. */
  maxPoints: number | null;
}

/** A message that Poe has accepted. */
export interface Accepted {
  chat: Chat;
  userMessageId: Id | null;
  /** The reply, if it has started. */
  botMessage: Message | null;
}

/** Poe did not respond, or its response could not be read. It may have accepted the message. */
type Unanswered = {type: 'unanswered'; error: PoeError};
/** Poe rejected the message, or it was never sent. */
type Rejected = {type: 'rejected'; error: PoeError};

export type SendResult =
  | ({type: 'accepted'} & Accepted)
  /** Poe accepted the message, but its response names no chat or no message. */
  | ({type: 'unnamed'} & Omit<Accepted, 'chat'> & {chat: Chat | null})
  | Unanswered
  | Rejected;

export type RegenerateResult = {type: 'accepted'; botMessage: Message | null} | Unanswered | Rejected;

type SendResponse = AnswerOf<'sendMessage'>['messageEdgeCreate'];
type RegenerateResponse = NonNullable<AnswerOf<'retryMessage'>['messageRegenerate']>;
type Posted<T> = {type: 'responded'; response: T} | Unanswered | Rejected;

/** Makes the calls that start and stop replies. A call is repeated only if Poe certainly did not process it. */
export class MessageSender {
  readonly #graphql: GraphqlClient;

  constructor(graphql: GraphqlClient) {
    this.#graphql = graphql;
  }

  /**
   * @param tracker listens for the echo of the message
   * @throws PoeError `interrupted` if the signal was aborted before anything was sent
   */
  async send(draft: Draft, tracker: Pick<ReplyTracker, 'echo'>, signal?: AbortSignal): Promise<SendResult> {
    let posted = await this.#postMessage(draft, draft.bot.displayMessagePointPrice, signal);
    const newPrice = posted.type === 'responded' ? correctedPrice(posted.response) : null;
    if (newPrice !== null) posted = await this.#postMessage(draft, newPrice, signal);
    return posted.type === 'responded' ? sendResult(posted.response, draft, tracker.echo !== undefined) : posted;
  }

  /** Regenerates a reply. */
  async regenerate(regeneration: Regeneration, signal?: AbortSignal): Promise<RegenerateResult> {
    let posted = await this.#postRegeneration(regeneration, regeneration.price, signal);
    const newPrice = posted.type === 'responded' ? correctedPrice(posted.response) : null;
    if (newPrice !== null) posted = await this.#postRegeneration(regeneration, newPrice, signal);
    return posted.type === 'responded' ? regenerateResult(posted.response, regeneration.bot) : posted;
  }

  /** Stops the bots that are writing in a chat. @throws PoeError */
  async cancel(chatId: Id, options?: CallOptions): Promise<void> {
    const {cancelViewerActiveJobs} = await this.#graphql.call('cancelJobs', {chatId}, options);
    assertDone('cancelJobs', 'cancel the reply', cancelViewerActiveJobs);
  }

  /** As `cancel`, but does not throw, and returns within five seconds: for callers that are about to exit. */
  async tryCancel(chatId: Id): Promise<void> {
    const {log} = this.#graphql.session.http;
    await this.cancel(chatId, {signal: AbortSignal.timeout(cancelTimeoutMs)}).catch(() =>
      log({what: 'cancel', status: 'failed'}),
    );
  }

  async #postMessage(draft: Draft, price: number | null, signal?: AbortSignal): Promise<Posted<SendResponse>> {
    const {text, bot, chat, pending, files, onUpload, maxPoints, isTemporary, replyTo} = draft;
    const tooExpensive = price === null ? undefined : priceError(bot.handle, price, maxPoints);
    if (tooExpensive) return {type: 'rejected', error: tooExpensive};
    if (signal?.aborted) throw interruption(signal);
    // Aborting the signal does not end the request at once: if Poe accepts the message, its reply must be cancelled.
    const abort = new AbortController();
    const delivery = new Delivery();
    const onAbort = () => {
      setTimeout(() => abort.abort(interruption(signal)), delivery.isSent ? interruptGraceMs : 0).unref();
    };
    whenAborted(signal, onAbort);
    const variables = (facts: SiteFacts, references: FileReferences) =>
      sendVariables(facts, {
        text,
        bot: bot.handle,
        chatId: chat?.chatId ?? null,
        clientNonce: pending.clientNonce,
        price,
        deviceId: this.#graphql.session.deviceId,
        isTemporary,
        referencedMessageId: replyTo,
        parameters: draft.parameters,
        sendsParametersAsObject: draft.sendsParametersAsObject,
        ...references,
      });
    const options = {signal: abort.signal, onUpload, delivery};
    try {
      const {messageEdgeCreate: response} = await this.#graphql.upload('sendMessage', variables, files, options);
      return {type: 'responded', response};
    } catch (error) {
      return failure(error, delivery);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async #postRegeneration(
    {reply: {messageId}, bot, maxPoints}: Regeneration,
    price: number | null,
    signal?: AbortSignal,
  ): Promise<Posted<RegenerateResponse>> {
    const tooExpensive = price === null ? undefined : priceError(bot, price, maxPoints);
    if (tooExpensive) return {type: 'rejected', error: tooExpensive};
    const priced = {messageId, ...(price !== null && {messagePointsDisplayPrice: price})};
    const variables = ({send}: SiteFacts) => (send === '2025-03' ? priced : {messageId});
    const delivery = new Delivery();
    try {
      const {messageRegenerate} = await this.#graphql.call('retryMessage', variables, {signal, delivery});
      const response = assertPresent('retryMessage', 'regenerate the reply', messageRegenerate);
      return {type: 'responded', response};
    } catch (error) {
      return failure(error, delivery);
    }
  }
}

const mayBeAccepted: ReadonlySet<ErrorCode> = new Set([
  'network',
  'timeout',
  'unavailable',
  'not_understood',
  'interrupted',
]);

/** @throws errors that are not a PoeError */
function failure(error: unknown, {mayBeProcessed}: Delivery): Unanswered | Rejected {
  if (!(error instanceof PoeError)) throw error;
  return {type: mayBeProcessed && mayBeAccepted.has(error.code) ? 'unanswered' : 'rejected', error};
}

function sendResult(response: SendResponse, {bot, chat: draftChat}: Draft, hasEcho: boolean): SendResult {
  const {status, statusMessage, message, chat, botMessage} = response;
  const isNamed = message !== null || botMessage !== null || hasEcho;
  // Some clients saw no status.
  if (status !== 'success' && !(status === null && isNamed)) {
    return {type: 'rejected', error: sendRejected(status, statusMessage, bot.handle)};
  }
  const sent = {userMessageId: message?.node.messageId ?? null, botMessage: botMessage?.node ?? null};
  const sentChat = chat ?? draftChat ?? null;
  return sentChat && isNamed ? {type: 'accepted', chat: sentChat, ...sent} : {type: 'unnamed', chat: sentChat, ...sent};
}

function regenerateResult({status, statusMessage, message}: RegenerateResponse, bot: string): RegenerateResult {
  // Some clients saw no status, others no message; a rejection has one of them.
  const isRejected = status !== null ? status !== 'success' : statusMessage !== null && statusMessage !== '';
  if (isRejected) return {type: 'rejected', error: sendRejected(status, statusMessage, bot)};
  return {type: 'accepted', botMessage: message?.node ?? null};
}
