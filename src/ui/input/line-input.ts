import type {Conversation} from '../conversation/conversation.js';
import {setText} from '../prompt/prompt-state.js';
import {isBlank, plain} from '../prompt/prompt-text.js';
import type {ChatStore} from '../state/store.js';
import {clearDraft} from '../state/transitions.js';

interface LineInputOptions {
  store: ChatStore;
  conversation: Conversation;
  /** Answers the current question. */
  answer(text: string): void;
  /** Called before each line takes effect. */
  onLine(): void;
  /** Does what Ctrl+C does on other terminals. */
  onInterrupt(): void;
}

/** npx and some libraries pass signals on, so one Ctrl+C may arrive twice. */
const interruptMs = 300;

/** Reads lines from a terminal that has no keys to offer (TERM=dumb). Each line is a message, unless it ends with a backslash. */
export class LineInput {
  readonly #store: ChatStore;
  readonly #conversation: Conversation;
  readonly #answer: (text: string) => void;
  readonly #onLine: () => void;
  readonly #onInterrupt: () => void;
  #interruptedAt = Number.NEGATIVE_INFINITY;
  #rest = '';
  #earlier = '';

  constructor({store, conversation, answer, onLine, onInterrupt}: LineInputOptions) {
    this.#store = store;
    this.#conversation = conversation;
    this.#answer = answer;
    this.#onLine = onLine;
    this.#onInterrupt = onInterrupt;
  }

  /** Reads what the terminal sends. */
  readonly read = (chunk: string): void => {
    const lines = (this.#rest + chunk).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
  };

  /** Ctrl+C, which such a terminal turns into a signal. It forgets the line that was not finished. */
  readonly interrupt = (): void => {
    const isRepeated = performance.now() - this.#interruptedAt < interruptMs;
    this.#interruptedAt = performance.now();
    if (isRepeated) return;
    this.#earlier = '';
    this.#rest = '';
    this.#onInterrupt();
  };

  #readLine(line: string): void {
    this.#onLine();
    const {question} = this.#store.getSnapshot();
    if (!question && line.endsWith('\\')) {
      this.#earlier += `${line.slice(0, -1)}\n`;
      return;
    }
    // Such a terminal does not tell pasted text from typed text, so that an `@` attaches nothing.
    const message = plain(this.#earlier + line);
    this.#earlier = '';
    if (question) return this.#answer(message.text);
    this.#store.apply((state) => clearDraft({...state, isLeaving: false, prompt: setText(state.prompt, message)}));
    // Both print their own errors.
    void (isBlank(message) ? this.#conversation.sendQueued() : this.#conversation.submit(message));
  }
}
