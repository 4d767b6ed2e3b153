import type {Cost} from './account.js';
import type {Attachment, Chat} from './model.js';
import type {CallOptions, Protocol, RetryOptions, SendOptions} from './options.js';
import type {Id} from './names/id.js';

/**
 * A change to a reply that is arriving. `append` adds to its text, `replace` replaces the text, `reasoning` adds to the bot's
 * reasoning, which is not part of the text, and `progress` says how far a video is.
 */
export type ReplyEvent =
  | {type: 'append'; text: string}
  | {type: 'replace'; text: string}
  | {type: 'reasoning'; text: string}
  | {type: 'title'; title: string}
  | {type: 'progress'; status: VideoJob['status']; percent: number | null};

/** A reply: complete, or as far as it has arrived. */
export interface ReplyResult {
  /** The bot's text, exactly as Poe sent it. */
  text: string;
  /** `text/plain` if the text is not Markdown. API key only. */
  contentType?: string;
  /** `incomplete` also if the rest was lost; `failed` if the bot reported an error. */
  state: 'incomplete' | 'complete' | 'cancelled' | 'failed';
  /** The bot's handle. */
  bot: string;
  chat: Chat;
  userMessage: {messageId: Id | null};
  botMessage: {messageId: Id | null; messageCode: string | null};
  attachments: Attachment[];
  suggestedReplies: string[];
  /** Other messages of the bot to the same question, as far as they are known; missing if there are none. Browser session only. */
  otherReplies?: {messageId: Id; text: string; state: ReplyResult['state']}[];
  /** Null if they were not requested, or Poe does not show them. */
  points: {cost: number | null; balance: number | null};
  /** The backend it came from. */
  via: 'web' | 'api';
  /** How the API was asked. API key only. */
  protocol?: Protocol;
  /** The bot's reasoning, if it shows any. API key only. */
  reasoning?: string | null;
  /** Tokens, often estimated by Poe. API key only. */
  usage?: TokenUsage | null;
  /** The web pages that the bot cites, in order. API key with the protocol `responses` only. */
  sources?: Source[];
  /** Why the bot stopped, in OpenAI's terms: `stop`, `length`, `content_filter` and so on. API key only. */
  finishReason?: string | null;
  /** The video that Poe makes. API key only. */
  job?: VideoJob;
}

/** A video that Poe makes, also if nobody waits for it. */
export interface VideoJob {
  /** Poe's ID. */
  id: string;
  status: 'queued' | 'in_progress' | 'completed' | 'failed';
  /** Null if Poe does not say. */
  percent: number | null;
  /** When the video can no longer be downloaded, ISO 8601; null if Poe does not say. */
  expiresAt: string | null;
}

/** A web page that a bot cites. */
export interface Source {
  url: string;
  title: string | null;
}

/** Tokens of a message and its reply, often estimated by Poe. */
export interface TokenUsage {
  /** All that the bot read, also from its cache. */
  promptTokens: number | null;
  completionTokens: number | null;
  /** Those of the prompt that the provider had in its cache, which cost less. Null if it does not say. */
  cachedTokens: number | null;
}

/** A reply at one moment: all of it, not a difference. */
export type ReplyState = ReplyResult;

/** The state of a reply from that of a message. Poe also sends states such as `completed` and `error_insufficient_fund`. */
export function toReplyState(messageState: string): ReplyResult['state'] {
  if (messageState.startsWith('complete')) return 'complete';
  if (messageState.startsWith('cancel')) return 'cancelled';
  return messageState === 'failed' || messageState.startsWith('error') ? 'failed' : 'incomplete';
}

/** The operations on a reply that a backend provides. */
export interface ReplyActions {
  retry(reply: ReplyResult, options?: RetryOptions): Promise<Reply>;
  share(reply: ReplyResult, options?: CallOptions): Promise<string>;
  cost(reply: ReplyResult, options?: CallOptions): Promise<Cost>;
  previews(reply: ReplyResult, options?: CallOptions): Promise<string[]>;
  delete(reply: ReplyResult, which: 'user' | 'bot' | 'both', options?: CallOptions): Promise<void>;
  chat: ChatActions;
}

/** The operations on a chat that a backend provides. */
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
  /** What was added since the state before, if the source knows that nothing was replaced. Otherwise the texts are compared. */
  added?: AddedText | undefined;
}

export interface AddedText {
  text: string;
  reasoning: string;
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
 * A reply that is arriving. Iterate over its events, or wait for the result; both can be combined, and each event is delivered
 * once. Leaving the loop stops following the reply, but the bot keeps writing on Poe until `cancel()` is called.
 */
export class Reply implements AsyncIterable<ReplyEvent> {
  readonly #source: ReplySource;
  readonly #events: AsyncGenerator<ReplyEvent, void, undefined>;
  readonly #chat: ChatHandle;
  #state: ReplyState;

  /** @internal */
  constructor(source: ReplySource) {
    this.#source = source;
    this.#state = source.start;
    this.#events = this.#follow();
    this.#chat = new ChatHandle(source.start.chat, source.actions.chat);
  }

  /** The reply so far. */
  get current(): ReplyResult {
    return this.#state;
  }

  get text(): string {
    return this.#state.text;
  }

  /** The chat of the reply, to continue it. */
  get chat(): ChatHandle {
    return this.#chat;
  }

  /** The bot's handle. */
  get bot(): string {
    return this.#state.bot;
  }

  [Symbol.asyncIterator](): AsyncGenerator<ReplyEvent, void, undefined> {
    return this.#events;
  }

  /**
   * Waits until the reply is complete.
   * @throws PoeError `bot_failed`, `out_of_points` or `too_large` if the bot reports an error; `reply_lost` if no more data
   *   arrives; `interrupted` if the signal passed to `send` is aborted. `current` then has what arrived.
   */
  async result(): Promise<ReplyResult> {
    for (;;) {
      const event = await this.#events.next();
      if (event.done) return this.#state;
    }
  }

  /** Stops the bot. The iteration then ends, and the state is `cancelled`. @throws PoeError */
  async cancel(): Promise<void> {
    await this.#source.cancel();
  }

  /** Regenerates this reply, which must be the last one of its chat. @throws PoeError */
  retry(options?: RetryOptions): Promise<Reply> {
    return this.#source.actions.retry(this.#state, options);
  }

  /** Creates a public link to the message and this reply. @throws PoeError */
  share(options?: CallOptions): Promise<string> {
    return this.#source.actions.share(this.#state, options);
  }

  /** The cost of the reply. @throws PoeError */
  cost(options?: CallOptions): Promise<Cost> {
    return this.#source.actions.cost(this.#state, options);
  }

  /** Creates a public link to each app in the reply. @throws PoeError */
  previews(options?: CallOptions): Promise<string[]> {
    return this.#source.actions.previews(this.#state, options);
  }

  /** Deletes the user's message, the reply, or both, permanently. @throws PoeError */
  delete(which: 'user' | 'bot' | 'both' = 'both', options?: CallOptions): Promise<void> {
    return this.#source.actions.delete(this.#state, which, options);
  }

  async *#follow(): AsyncGenerator<ReplyEvent, void, undefined> {
    if (this.#state.text) yield {type: 'append', text: this.#state.text};
    if (this.#state.job) yield progressEvent(this.#state.job);
    for await (const update of this.#source.updates()) {
      for (const event of this.#take(update)) yield event;
    }
  }

  /** Not a part of `#follow`, which would keep the state before in memory while it waits: two of a long text. */
  #take({state, added}: ReplyUpdate): ReplyEvent[] {
    const before = this.#state;
    this.#state = state;
    this.#chat.update(state.chat);
    const events: ReplyEvent[] = [];
    const reasoning = added ? added.reasoning : (state.reasoning ?? '').slice(before.reasoning?.length ?? 0);
    if (reasoning !== '') events.push({type: 'reasoning', text: reasoning});
    const event = added ? appendEvent(added.text) : textEvent(before.text, state.text);
    if (event) events.push(event);
    if (state.job && !isSameProgress(state.job, before.job)) events.push(progressEvent(state.job));
    const {title} = state.chat;
    if (title !== null && title !== before.chat.title) events.push({type: 'title', title});
    return events;
  }
}

/** The chat of a reply. Each method throws PoeError. */
export class ChatHandle implements Chat {
  id: string;
  chatId: Id;
  chatCode: string | null;
  title: string | null;
  bot: string | null;
  lastInteractionTime: string | null;
  readonly #actions: ChatActions;
  #isRenamed = false;

  /** @internal */
  constructor(chat: Chat, actions: ChatActions) {
    this.id = chat.id;
    this.chatId = chat.chatId;
    this.chatCode = chat.chatCode;
    this.title = chat.title;
    this.bot = chat.bot;
    this.lastInteractionTime = chat.lastInteractionTime;
    this.#actions = actions;
  }

  /** @internal Updates the fields, except a title that was set here. */
  update({title, ...chat}: Chat): void {
    Object.assign(this, chat);
    if (!this.#isRenamed) this.title = title;
  }

  /** Sends another message, to the chat's bot unless `bot` names another one. */
  send(text: string, options?: Omit<SendOptions, 'chat'>): Promise<Reply> {
    return this.#actions.send(this.toJSON(), text, options);
  }

  async setTitle(title: string, options?: CallOptions): Promise<void> {
    const renamed = await this.#actions.setTitle(this.toJSON(), title, options);
    this.title = renamed.title;
    this.#isRenamed = true;
  }

  /** Makes the bot ignore all earlier messages. They stay in the chat. */
  clearContext(options?: CallOptions): Promise<void> {
    return this.#actions.clearContext(this.toJSON(), options);
  }

  /** Turns on or off that Poe shortens the context it sends to the bot, which costs less. */
  setContextOptimization(isOn: boolean, options?: CallOptions): Promise<void> {
    return this.#actions.setContextOptimization(this.toJSON(), isOn, options);
  }

  /** Deletes the chat permanently. */
  delete(options?: CallOptions): Promise<void> {
    return this.#actions.delete(this.toJSON(), options);
  }

  /** The chat as plain data. */
  toJSON(): Chat {
    const {id, chatId, chatCode, title, bot, lastInteractionTime} = this;
    return {id, chatId, chatCode, title, bot, lastInteractionTime};
  }
}

const progressEvent = ({status, percent}: VideoJob): ReplyEvent => ({type: 'progress', status, percent});

const isSameProgress = ({status, percent}: VideoJob, before: VideoJob | undefined): boolean =>
  status === before?.status && percent === before.percent;

const appendEvent = (text: string): ReplyEvent | undefined => (text === '' ? undefined : {type: 'append', text});

/** The event that leads from one text to the next. */
function textEvent(before: string, after: string): ReplyEvent | undefined {
  // Comparing slices is five times as fast as `startsWith` in V8.
  if (after.slice(0, before.length) === before) return appendEvent(after.slice(before.length));
  return {type: 'replace', text: after};
}
