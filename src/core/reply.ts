import type {Attachment, Chat} from './model.js';

/** What happens while a reply comes in. `append` adds to the text so far; `replace` puts another text in its place. */
export type Step = {type: 'append'; text: string} | {type: 'replace'; text: string} | {type: 'title'; title: string};

/** A reply as it stands when it has ended; the form `--json` prints. */
export interface WholeReply {
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
}

/** What a backend knows of a reply at one moment: the whole of it, not a difference. */
export type ReplyState = WholeReply;

/** How a backend feeds a reply. */
export interface ReplySource {
  /** The state when the message had been accepted. */
  start: ReplyState;
  /** Every later state worth telling, the last one at the end; throws when the reply cannot be had whole. */
  states(): AsyncGenerator<ReplyState, void, undefined>;
  /** Stops the bot; `states` then ends by itself. */
  cancel(): Promise<void>;
}

/**
 * A bot's reply on its way. Iterate over its steps, or wait for the whole; both may be mixed, each step comes once. Leaving
 * the loop ends the following: the bot goes on writing on Poe unless `cancel()` is called.
 */
export class Reply implements AsyncIterable<Step> {
  readonly #source: ReplySource;
  readonly #steps: AsyncGenerator<Step, void, undefined>;
  #state: ReplyState;

  constructor(source: ReplySource) {
    this.#source = source;
    this.#state = source.start;
    this.#steps = this.#follow();
  }

  /** The reply as far as it has come. */
  get sofar(): WholeReply {
    return this.#state;
  }

  get text(): string {
    return this.#state.text;
  }

  get chat(): Chat {
    return this.#state.chat;
  }

  /** The bot's handle. */
  get bot(): string {
    return this.#state.bot;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Step, void, undefined> {
    return this.#steps;
  }

  /**
   * Waits for the end.
   * @throws PoeError `bot_failed`, `out_of_points`, `too_large` when the bot ended in an error; `reply_lost` when Poe fell
   *   silent or out of reach; `interrupted` when the signal given to `send` was aborted. What came by then is in `sofar`.
   */
  async whole(): Promise<WholeReply> {
    for (;;) {
      const step = await this.#steps.next();
      if (step.done) return this.#state;
    }
  }

  /** Stops the bot on Poe. The iteration then ends, and the state is `cancelled`. @throws PoeError */
  async cancel(): Promise<void> {
    await this.#source.cancel();
  }

  async *#follow(): AsyncGenerator<Step, void, undefined> {
    if (this.#state.text) yield {type: 'append', text: this.#state.text};
    for await (const state of this.#source.states()) {
      const before = this.#state;
      this.#state = state;
      const step = difference(before.text, state.text);
      if (step) yield step;
      const {title} = state.chat;
      if (title !== null && title !== before.chat.title) yield {type: 'title', title};
    }
  }
}

/** From one "full text so far" to the next. */
function difference(before: string, after: string): Step | undefined {
  if (after === before) return undefined;
  if (after.startsWith(before)) return {type: 'append', text: after.slice(before.length)};
  return {type: 'replace', text: after};
}
