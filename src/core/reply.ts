import type {Cost} from './account.js';
import type {Attachment, Chat} from './model.js';
import type {CallOptions, Protocol, RetryOptions, SendOptions} from './options.js';

/**
 * What happens while a reply comes in. `append` adds to the text so far; `replace` puts another text in its place; `reasoning`
 * adds to what the bot thought, which is no part of the text.
 */
export type ReplyEvent =
  | {type: 'append'; text: string}
  | {type: 'replace'; text: string}
  | {type: 'reasoning'; text: string}
  | {type: 'title'; title: string};

/** A reply as it stands when it has ended; the form `--json` prints. */
export interface ReplyResult {
  /** The bot's text, as Poe wrote it. */
  text: string;
  /** `complete`, or `cancelled` when it was stopped before its end. */
  state: string;
  /** The bot's handle. */
  bot: string;
  chat: Chat;
  userMessage: {messageId: number | null};
  botMessage: {messageId: number | null; messageCode: string | null};
  attachments: Attachment[];
  suggestedReplies: string[];
  /** Null where Poe was not asked or did not tell. */
  points: {cost: number | null; balance: number | null};
  /** By the session of a browser, or by Poe's API with a key. */
  via: 'web' | 'api';
  /** How the bot was asked; only with an API key. */
  protocol?: Protocol;
  /** What the bot thought before it wrote, where it tells; only with an API key. */
  reasoning?: string | null;
  /** Tokens, often estimated by Poe; only with an API key. */
  usage?: {promptTokens: number | null; completionTokens: number | null} | null;
  /** Why the bot stopped, as OpenAI names it: `stop`, `length`, `content_filter`…; only with an API key, where it is told. */
  finishReason?: string | null;
}

/** What a backend knows of a reply at one moment: the whole of it, not a difference. */
export type ReplyState = ReplyResult;

/** What a backend can do about a reply. */
export interface ReplyActions {
  retry(reply: ReplyResult, options?: RetryOptions): Promise<Reply>;
  share(reply: ReplyResult, options?: CallOptions): Promise<string>;
  cost(reply: ReplyResult, options?: CallOptions): Promise<Cost>;
  previews(reply: ReplyResult, options?: CallOptions): Promise<string[]>;
  delete(reply: ReplyResult, which: 'user' | 'bot' | 'both', options?: CallOptions): Promise<void>;
  chat: ChatActions;
}

/** What a backend can do to a chat. */
export interface ChatActions {
  send(chat: Chat, text: string, options?: Omit<SendOptions, 'chat'>): Promise<Reply>;
  setTitle(chat: Chat, title: string, options?: CallOptions): Promise<Chat>;
  clearContext(chat: Chat, options?: CallOptions): Promise<void>;
  setContextOptimization(chat: Chat, isOn: boolean, options?: CallOptions): Promise<void>;
  delete(chat: Chat, options?: CallOptions): Promise<void>;
}

/** A later state of a reply. */
export interface ReplyUpdate {
  state: ReplyState;
  /** The source knows that the text was only added to since the state before. Otherwise the texts are compared. */
  isAppend?: boolean;
}

/** Delivers a reply from a backend. */
export interface ReplySource {
  actions: ReplyActions;
  /** The state when Poe accepted the message. */
  start: ReplyState;
  /** Yields every later state. Throws PoeError if the reply fails or cannot be followed to its end. */
  updates(): AsyncGenerator<ReplyUpdate, void, undefined>;
  /** Stops the bot; `updates` then ends. */
  cancel(): Promise<void>;
}

/**
 * A bot's reply on its way. Iterate over its steps, or wait for the whole; both may be mixed, each step comes once. Leaving
 * the loop ends the following: the bot goes on writing on Poe unless `cancel()` is called.
 */
export class Reply implements AsyncIterable<ReplyEvent> {
  readonly #source: ReplySource;
  readonly #steps: AsyncGenerator<ReplyEvent, void, undefined>;
  readonly #chat: ChatHandle;
  #state: ReplyState;

  constructor(source: ReplySource) {
    this.#source = source;
    this.#state = source.start;
    this.#steps = this.#follow();
    this.#chat = new ChatHandle(source.start.chat, source.actions.chat);
  }

  /** The reply as far as it has come. */
  get current(): ReplyResult {
    return this.#state;
  }

  get text(): string {
    return this.#state.text;
  }

  /** The chat it is in, which one can go on with. */
  get chat(): ChatHandle {
    return this.#chat;
  }

  /** The bot's handle. */
  get bot(): string {
    return this.#state.bot;
  }

  [Symbol.asyncIterator](): AsyncGenerator<ReplyEvent, void, undefined> {
    return this.#steps;
  }

  /**
   * Waits for the end.
   * @throws PoeError `bot_failed`, `out_of_points`, `too_large` when the bot ended in an error; `reply_lost` when Poe fell
   *   silent or out of reach; `interrupted` when the signal given to `send` was aborted. What came by then is in `sofar`.
   */
  async result(): Promise<ReplyResult> {
    for (;;) {
      const step = await this.#steps.next();
      if (step.done) return this.#state;
    }
  }

  /** Stops the bot on Poe. The iteration then ends, and the state is `cancelled`. @throws PoeError */
  async cancel(): Promise<void> {
    await this.#source.cancel();
  }

  /** Has the bot write this reply, the newest of its chat, anew. @throws PoeError */
  retry(options?: RetryOptions): Promise<Reply> {
    return this.#source.actions.retry(this.#state, options);
  }

  /** Makes a public link to the message and this reply to it: whoever has it can read them. @throws PoeError */
  share(options?: CallOptions): Promise<string> {
    return this.#source.actions.share(this.#state, options);
  }

  /** What the reply cost. @throws PoeError */
  cost(options?: CallOptions): Promise<Cost> {
    return this.#source.actions.cost(this.#state, options);
  }

  /** Makes a public link to each app that the bot wrote into its reply. @throws PoeError */
  previews(options?: CallOptions): Promise<string[]> {
    return this.#source.actions.previews(this.#state, options);
  }

  /** Deletes the user's message, the bot's, or both, for good. @throws PoeError */
  delete(which: 'user' | 'bot' | 'both' = 'both', options?: CallOptions): Promise<void> {
    return this.#source.actions.delete(this.#state, which, options);
  }

  async *#follow(): AsyncGenerator<ReplyEvent, void, undefined> {
    if (this.#state.text) yield {type: 'append', text: this.#state.text};
    for await (const {state, isAppend = false} of this.#source.updates()) {
      const before = this.#state;
      this.#state = state;
      this.#chat.learn(state.chat);
      const reasoning = (state.reasoning ?? '').slice(before.reasoning?.length ?? 0);
      if (reasoning !== '') yield {type: 'reasoning', text: reasoning};
      const event = textEvent(before.text, state.text, isAppend);
      if (event) yield event;
      const {title} = state.chat;
      if (title !== null && title !== before.chat.title) yield {type: 'title', title};
    }
  }
}

/** A chat that one is in: what is known of it, and what can be done to it. Each method throws PoeError. */
export class ChatHandle implements Chat {
  id: string;
  chatId: number;
  chatCode: string | null;
  title: string | null;
  bot: string | null;
  lastInteractionTime: string | null;
  readonly #actions: ChatActions;
  #isRenamed = false;

  constructor(chat: Chat, actions: ChatActions) {
    this.id = chat.id;
    this.chatId = chat.chatId;
    this.chatCode = chat.chatCode;
    this.title = chat.title;
    this.bot = chat.bot;
    this.lastInteractionTime = chat.lastInteractionTime;
    this.#actions = actions;
  }

  /** @internal Takes over what has become known meanwhile. */
  learn({title, ...chat}: Chat): void {
    Object.assign(this, chat);
    if (!this.#isRenamed) this.title = title;
  }

  /** Sends a further message, to the chat's bot unless another one is named. */
  send(text: string, options?: Omit<SendOptions, 'chat'>): Promise<Reply> {
    return this.#actions.send(this.toJSON(), text, options);
  }

  async setTitle(title: string, options?: CallOptions): Promise<void> {
    const renamed = await this.#actions.setTitle(this.toJSON(), title, options);
    this.title = renamed.title;
    this.#isRenamed = true;
  }

  /** Has the bot forget what was said before; the messages stay. */
  clearContext(options?: CallOptions): Promise<void> {
    return this.#actions.clearContext(this.toJSON(), options);
  }

  /** Whether Poe shortens what is sent along of the chat, which costs less. */
  setContextOptimization(isOn: boolean, options?: CallOptions): Promise<void> {
    return this.#actions.setContextOptimization(this.toJSON(), isOn, options);
  }

  /** Deletes the chat for good. */
  delete(options?: CallOptions): Promise<void> {
    return this.#actions.delete(this.toJSON(), options);
  }

  /** What is known of the chat, as plain data. */
  toJSON(): Chat {
    const {id, chatId, chatCode, title, bot, lastInteractionTime} = this;
    return {id, chatId, chatCode, title, bot, lastInteractionTime};
  }
}

/** The event that leads from one text to the next. */
function textEvent(before: string, after: string, isAppend: boolean): ReplyEvent | undefined {
  if (after.length === before.length && (isAppend || after === before)) return undefined;
  // Comparing slices is five times as fast as `startsWith` in V8.
  if (isAppend || after.slice(0, before.length) === before) {
    return {type: 'append', text: after.slice(before.length)};
  }
  return {type: 'replace', text: after};
}
