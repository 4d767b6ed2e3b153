import {PoeError} from '../../core/errors.js';
import type {Reply} from '../../core/reply.js';
import type {WebClient} from '../../core/web/client.js';
import type {ServedChats} from '../../store/serve/served-chats.js';
import {toServeErrorOfReply} from '../errors/to-serve-error.js';
import type {ChatRequest, Turn} from '../formats/chat-request.js';
import {formats} from '../formats/formats.js';
import {usageOf, type WrittenReply} from '../formats/written-reply.js';
import type {BotRequest, ReplyWriter, ServeBackend, ServedModel} from '../serve-backend.js';
import {AnswerOutput} from './answer-output.js';
import {botOptions} from './bot-options.js';
import {checkRequest} from './check-request.js';
import {conversationKey, type Partner} from './conversation-key.js';
import {Conversations, type SendMessage} from './conversations.js';
import {followReply, textReplaced} from './follow-reply.js';
import {jsonOf, withJsonInstructions} from './json-reply.js';
import {openFiles, type OpenUrl} from './open-files.js';
import {RequestQueue} from './request-queue.js';
import {type KnownBot, webModels} from './web-models.js';

/** What may wait while a request is answered. */
const queueLimits = {maxWaiting: 16, maxBytes: 64 * 1024 * 1024};
const modelsLifetimeMs = 60 * 60_000;
const modelsTimeoutMs = 60_000;
/** How long to wait for the cost of a reply. */
const costTimeoutMs = 5_000;
/** How many replies are stored whose text could not be passed on. */
const maxUnread = 20;
/** How many fields without effect are named. */
const maxNamed = 20;

export interface WebBackendDeps {
  /** poe.com with the session of the profile. @throws PoeError `not_logged_in` */
  client: () => Promise<WebClient>;
  /** Called after Poe rejected the session: the next `client` uses a new login. */
  onRejected: () => Promise<void>;
  chats: ServedChats;
  knownBots: () => Promise<readonly KnownBot[]>;
  /** Called if the chats cannot be stored. */
  onStoreFailure: (error: PoeError) => void;
  /** The most points that a message may cost. */
  maxPoints?: number | undefined;
  openUrl: OpenUrl;
}

/** Answers requests with a browser session: each conversation has a chat on poe.com, and Poe is asked one question at a time. */
export class WebBackend implements ServeBackend {
  readonly via = 'web';
  readonly #deps: WebBackendDeps;
  readonly #queue = new RequestQueue(queueLimits);
  readonly #conversations: Conversations;
  #models: {list: Promise<ServedModel[]>; until: number} | undefined;
  /** Replies that are complete but could not be passed on, by their conversations. */
  readonly #unread = new Map<string, WrittenReply>();

  constructor(deps: WebBackendDeps) {
    this.#deps = deps;
    this.#conversations = new Conversations(deps.chats, {onFailure: deps.onStoreFailure});
  }

  async models(): Promise<readonly ServedModel[]> {
    if (!this.#models || this.#models.until < performance.now()) {
      const list = this.#usingSession((client) => this.#loadModels(client));
      this.#models = {list, until: performance.now() + modelsLifetimeMs};
      list.catch(() => (this.#models = undefined));
    }
    return this.#models.list;
  }

  /** Not with the signal of a request: other requests may wait for the same list. */
  async #loadModels(client: WebClient): Promise<ServedModel[]> {
    return webModels(client, await this.#deps.knownBots(), {signal: AbortSignal.timeout(modelsTimeoutMs)});
  }

  async answer(request: BotRequest, reply: ReplyWriter): Promise<void> {
    const {read, writer} = formats[request.format];
    const chat = read(request.body);
    checkRequest(chat);
    const prompt = [chat.system, ...chat.turns.map(({text}) => text)].filter(Boolean).join('\n');
    const output = new AnswerOutput(reply, writer(chat, prompt), request);
    const partner = {bot: request.bot, system: chat.system};
    const key = `${request.client.name} ${conversationKey(partner, chat.turns)}`;
    const unread = this.#unread.get(key);
    if (unread) {
      this.#unread.delete(key);
      return output.finish(unread, {});
    }
    using _turn = await this.#queue.enter({bytes: sizeOf(chat), signal: request.signal});
    const sent = await this.#usingSession((client) => this.#send(client, request, chat, partner));
    using _pings = output.start(sent.headers);
    const onText = chat.json ? undefined : output.onText;
    const {text: whole, isExact} = await followReply(sent.reply, onText).catch((error: unknown) => {
      throw toServeErrorOfReply(error);
    });
    const text = chat.json ? jsonOf(whole) : whole;
    const points = await costOf(sent.reply);
    const written = {text, reasoning: '', usage: usageOf(prompt, {text, points: {cost: points}})};
    const turn: Turn = {role: 'assistant', text, files: []};
    await this.#conversations.remember(sent.reply.chat.toJSON(), partner, [...chat.turns, turn]);
    if (points !== null) reply.cost(points);
    if (isExact) return output.finish(written, sent.headers);
    this.#keepUnread(key, written);
    throw textReplaced();
  }

  /** After Poe rejected the session, the next call uses the one of a new login. */
  async #usingSession<T>(call: (client: WebClient) => Promise<T>): Promise<T> {
    try {
      return await call(await this.#deps.client());
    } catch (error) {
      if (error instanceof PoeError && error.code === 'bad_tokens') await this.#deps.onRejected();
      throw error;
    }
  }

  async #send(
    client: WebClient,
    request: BotRequest,
    chat: ChatRequest,
    partner: Partner,
  ): Promise<{reply: Reply; headers: Record<string, string>}> {
    const {bot, signal, client: program} = request;
    const {json} = chat;
    const {parameters, ignored} = await botOptions(client, bot, chat, {signal});
    const {maxPoints, openUrl} = this.#deps;
    const send: SendMessage = async ({text, files, chat: continued}) =>
      client.send(json ? withJsonInstructions(text, json) : text, {
        bot,
        files: await openFiles(files, openUrl, signal),
        signal,
        ledger: program.ledger,
        // It belongs to the program: it must not become the last chat of the user.
        isRecorded: false,
        ...(continued && {chat: continued}),
        ...(parameters && {parameters}),
        ...(maxPoints !== undefined && {maxPoints}),
      });
    const reply = await this.#conversations.continue(partner, chat.turns, send);
    const {chatCode} = reply.chat;
    return {
      reply,
      headers: {
        ...(chatCode !== null && {'X-Poe-Chat': chatCode}),
        ...(ignored.length > 0 && {'X-Poe-Ignored': ignored.filter(isHeaderText).slice(0, maxNamed).join(', ')}),
      },
    };
  }

  #keepUnread(key: string, reply: WrittenReply): void {
    this.#unread.set(key, reply);
    const [oldest] = this.#unread.keys();
    if (this.#unread.size > maxUnread && oldest !== undefined) this.#unread.delete(oldest);
  }

  close(): void {
    this.#unread.clear();
  }
}

async function costOf(reply: Reply): Promise<number | null> {
  try {
    return (await reply.cost({signal: AbortSignal.timeout(costTimeoutMs)})).points;
  } catch (error) {
    if (error instanceof PoeError) return null;
    throw error;
  }
}

/** In bytes; nearly, because texts are counted in characters. */
const sizeOf = ({system, turns}: ChatRequest): number => {
  const files = turns.flatMap((turn) => turn.files.map((file) => ('url' in file ? 0 : file.content.byteLength)));
  return [system.length, ...turns.map(({text}) => text.length), ...files].reduce((sum, each) => sum + each, 0);
};

const isHeaderText = (name: string): boolean => /^[\w.-]{1,50}$/.test(name);
