import {isPrefix} from './is-prefix.js';
import {looksLikeProgress} from './progress-text.js';

/** How old a text has to be before it is written, by how many later updates have confirmed it: one, or more. */
const quarantineMs = {one: 500, more: 250};

interface PipedOptions {
  now?: () => number;
}

/**
 * Writes a reply into a pipe as it grows, so that in the end exactly the final text was written. What is written cannot be
 * taken back, and some bots do take text back: they show what they are doing (“Searching…”) and then replace it. So a text
 * is written when later updates have confirmed it, what looks like progress is not written at all before the end, and after
 * a first change everything waits for the end.
 */
export class PipedText {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  /** What was written already. */
  #written = '';
  #latest = '';
  /** Lengths of the texts that are waiting, oldest first, and when each came. */
  #waiting: {length: number; at: number}[] = [];
  #hasChanged = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void, {now = () => performance.now()}: PipedOptions = {}) {
    this.#write = write;
    this.#now = now;
  }

  /** @param text the whole text so far */
  update(text: string): void {
    if (!isPrefix(text, this.#latest)) {
      this.#hasChanged = true;
      this.#waiting = [];
    }
    if (text.length > this.#latest.length) this.#waiting.push({length: text.length, at: this.#now()});
    this.#latest = text;
    this.#release();
  }

  /** Writes the rest, and a newline where the text has none. @returns whether what was written is the text and nothing else */
  finish(text: string): {exact: boolean} {
    clearTimeout(this.#timer);
    const exact = text.startsWith(this.#written);
    if (exact && text.length > this.#written.length) this.#write(text.slice(this.#written.length));
    if (!exact) this.#write(`${this.#written.endsWith('\n') ? '' : '\n'}${text}`);
    if (text !== '' && !text.endsWith('\n')) this.#write('\n');
    return {exact};
  }

  /** The reply ends before its time: writes what came. */
  stop(): void {
    if (this.#latest.startsWith(this.#written)) this.finish(this.#latest);
    else this.finish(this.#written);
  }

  #release(): void {
    clearTimeout(this.#timer);
    if (this.#hasChanged || looksLikeProgress(this.#latest)) return;
    const confirmed = this.#waiting.slice(0, -1);
    const ripeAt = confirmed.map(
      ({at}, index) => at + (index === confirmed.length - 1 ? quarantineMs.one : quarantineMs.more),
    );
    const ripe = ripeAt.findLastIndex((time) => time <= this.#now());
    const last = confirmed[ripe];
    if (last) this.#writeTo(last.length);
    this.#waiting = this.#waiting.slice(ripe + 1);
    const next = ripeAt[ripe + 1];
    if (next !== undefined) this.#timer = setTimeout(() => this.#release(), next - this.#now()).unref();
  }

  /** Not piece by piece: for V8 a piece holds the whole text that it was cut from, and so does what is put together of it. */
  #writeTo(length: number): void {
    const text = whole(this.#latest.slice(0, length));
    if (text.length <= this.#written.length) return;
    this.#write(text.slice(this.#written.length));
    this.#written = text;
  }
}

/** A text that ends within a character waits with its last half. */
const whole = (text: string) => (/[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text);
