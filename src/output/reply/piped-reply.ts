import {looksLikeProgress} from '../markdown/progress-text.js';
import {sanitize, Sanitizer} from '../terminal/sanitize.js';
import type {OutputStream} from '../terminal/writer.js';
import type {ReplyView} from './reply-view.js';

interface PipedReplyOptions {
  isTerminal: boolean;
  note: (text: string) => void;
}

/** Prints the exact text; on a terminal without cursor movement, the sanitized text. */
export function pipedReply(stdout: OutputStream, {isTerminal, note}: PipedReplyOptions): ReplyView {
  const piped = new PipedText((text) => void stdout.write(text));
  let sanitizer = new Sanitizer();
  let sanitized = '';
  return {
    start() {},
    event(event, text) {
      if (event.type !== 'append' && event.type !== 'replace') return;
      const isReplaced = event.type === 'replace';
      if (!isTerminal) return piped.update(text, {isReplaced});
      if (isReplaced) [sanitizer, sanitized] = [new Sanitizer(), ''];
      sanitized += sanitizer.more(event.text);
      piped.update(sanitized, {isReplaced});
    },
    done(reply) {
      const {isExact} = piped.finish(isTerminal ? sanitize(reply.text) : reply.text);
      if (!isExact) note('The bot changed text that was already printed. The complete reply is printed last.');
      for (const {name, url} of reply.attachments) {
        if (url !== null && !reply.text.includes(url)) note([name, url].filter(Boolean).join('  '));
      }
    },
    failed: () => piped.stop(),
  };
}

/** How old text must be before it is written, in milliseconds: after one later update, or after several. */
const delayMs = {afterOne: 500, afterSeveral: 250};

interface PipedTextOptions {
  now?: () => number;
}

/**
 * Writes a reply to a pipe while it arrives, so that in the end exactly the final text has been written. Written text
 * cannot be changed, but some bots replace their text: first they show their progress ("Searching…"). So text is
 * written only after later updates have confirmed it. Text that looks like progress, and everything after the first
 * replacement, waits for the end of the reply.
 */
export class PipedText {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  #written = '';
  #text = '';
  /** The lengths of the texts that are not written yet, oldest first, and when each arrived. */
  #waiting: {length: number; at: number}[] = [];
  #wasReplaced = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void, {now = () => performance.now()}: PipedTextOptions = {}) {
    this.#write = write;
    this.#now = now;
  }

  /** @param text the whole text so far; unless `isReplaced`, it starts with the text before */
  update(text: string, {isReplaced}: {isReplaced: boolean}): void {
    if (isReplaced) {
      this.#wasReplaced = true;
      this.#waiting = [];
    }
    if (text.length > this.#text.length) this.#waiting.push({length: text.length, at: this.#now()});
    this.#text = text;
    this.#release();
  }

  /** Writes the rest, and a newline if the text has none at its end. @returns whether exactly the text was written */
  finish(text: string): {isExact: boolean} {
    clearTimeout(this.#timer);
    const isExact = text.startsWith(this.#written);
    if (isExact && text.length > this.#written.length) this.#write(text.slice(this.#written.length));
    if (!isExact) this.#write(`${this.#written.endsWith('\n') ? '' : '\n'}${text}`);
    if (text !== '' && !text.endsWith('\n')) this.#write('\n');
    return {isExact};
  }

  /** Writes the received text of a reply that was cut off. */
  stop(): void {
    if (this.#text.startsWith(this.#written)) this.finish(this.#text);
    else this.finish(this.#written);
  }

  #release(): void {
    clearTimeout(this.#timer);
    if (this.#wasReplaced || looksLikeProgress(this.#text)) return;
    const confirmed = this.#waiting.slice(0, -1);
    const dueAt = confirmed.map(
      ({at}, index) => at + (index === confirmed.length - 1 ? delayMs.afterOne : delayMs.afterSeveral),
    );
    const lastDue = dueAt.findLastIndex((time) => time <= this.#now());
    const due = confirmed[lastDue];
    if (due) this.#writeUntil(due.length);
    this.#waiting = this.#waiting.slice(lastDue + 1);
    const next = dueAt[lastDue + 1];
    if (next !== undefined) this.#timer = setTimeout(() => this.#release(), next - this.#now()).unref();
  }

  /** Stores one slice of the whole text: in V8, a text made of slices holds the source of each slice in memory. */
  #writeUntil(length: number): void {
    const text = withoutHalfCharacter(this.#text.slice(0, length));
    if (text.length <= this.#written.length) return;
    this.#write(text.slice(this.#written.length));
    this.#written = text;
  }
}

const withoutHalfCharacter = (text: string) => (/[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text);
