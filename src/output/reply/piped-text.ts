import {looksLikeProgress} from '../markdown/streaming/progress-text.js';

/** A change to the text: as `ReplyEvent`. */
export interface TextChange {
  type: 'append' | 'replace';
  text: string;
}

/** How old text must be before it is written, in milliseconds: after one later update, or after several. */
const delayMs = {afterOne: 500, afterSeveral: 250};

interface PipedTextOptions {
  /** The text will only be added to, so it is written at once. */
  isAppendOnly?: boolean;
  now?: () => number;
}

/**
 * Writes a reply to a pipe while it arrives, so that in the end exactly the final text has been written. Written text cannot be
 * changed, but some bots replace their text: first they show their progress ("Searching…"). So text is written only after later
 * updates have confirmed it. Text that looks like progress, and everything after the first replacement, waits for the end of the
 * reply. Each update takes the same time, however long the text is.
 */
export class PipedText {
  readonly #write: (text: string) => void;
  readonly #isAppendOnly: boolean;
  readonly #now: () => number;
  /** The whole text so far. */
  #text = '';
  /** How much of it is written. */
  #writtenLength = 0;
  /** What was written before the text was replaced. */
  #replaced: string | undefined;
  /** The parts that are not written yet, oldest first, and when each arrived. */
  #waiting: {text: string; at: number}[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends. */
  #timerAt = Infinity;
  #immediate: NodeJS.Immediate | undefined;

  constructor(
    write: (text: string) => void,
    {isAppendOnly = false, now = () => performance.now()}: PipedTextOptions = {},
  ) {
    this.#write = write;
    this.#isAppendOnly = isAppendOnly;
    this.#now = now;
  }

  /** @param whole the text after the change */
  update({type, text}: TextChange, whole: string): void {
    if (type === 'replace') {
      this.#replaced ??= this.#written;
      this.#waiting = [];
      this.#stopTimers();
    }
    this.#text = whole;
    if (this.#replaced !== undefined || text === '') return;
    // `performance` would load a module of Node: half a millisecond. Text that is only added to has no delay.
    const at = this.#isAppendOnly ? 0 : this.#now();
    this.#waiting.push({text, at});
    // What arrives together is written together.
    if (this.#isAppendOnly) this.#immediate ??= setImmediate(() => this.#writeAll());
    else this.#release(at);
  }

  /** Writes the rest, and a newline if the text has none at its end. @returns whether exactly the text was written */
  finish(text: string): {isExact: boolean} {
    const {isExact} = this.complete(text);
    const written = this.#written;
    if (!isExact) this.#write(`${written.endsWith('\n') ? '' : '\n'}${text}`);
    if (text !== '' && !text.endsWith('\n')) this.#write('\n');
    return {isExact};
  }

  /** Writes the rest, unless the text does not begin with what is written. @returns whether exactly the text was written */
  complete(text: string): {isExact: boolean} {
    this.#stopTimers();
    const written = this.#written;
    const isExact = text.slice(0, written.length) === written;
    if (isExact && text.length > written.length) this.#write(text.slice(written.length));
    return {isExact};
  }

  /** Writes nothing more. */
  discard(): void {
    this.#stopTimers();
  }

  /** Writes the received text of a reply that was cut off. */
  stop(): void {
    const written = this.#written;
    this.finish(this.#text.startsWith(written) ? this.#text : written);
  }

  get #written(): string {
    return this.#replaced ?? this.#text.slice(0, this.#writtenLength);
  }

  #writeAll(): void {
    this.#immediate = undefined;
    this.#writeParts(this.#waiting.splice(0));
  }

  /** Writes the text that is old enough, and starts a timer for the next part. The last one waits for an update. */
  #release(now: number): void {
    if (looksLikeProgress(this.#text)) return;
    let count = 0;
    const dueAt = (index: number) =>
      (this.#waiting[index]?.at ?? 0) + (index === this.#waiting.length - 2 ? delayMs.afterOne : delayMs.afterSeveral);
    const last = this.#waiting.length - 1;
    while (count < last && dueAt(count) <= now) count++;
    if (count > 0) this.#writeParts(this.#waiting.splice(0, count));
    this.#startTimer(count < last ? dueAt(0) : Infinity, now);
  }

  #startTimer(at: number, now: number): void {
    if (at === this.#timerAt) return;
    this.#stopTimers();
    if (at === Infinity) return;
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      this.#release(this.#now());
    }, at - now).unref();
  }

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#timerAt = Infinity;
  }

  /** Half of a character that consists of two UTF-16 code units waits for the other half. */
  #writeParts(parts: readonly {text: string; at: number}[]): void {
    let text = parts.map((part) => part.text).join('');
    const [half] = /[\ud800-\udbff]$/.exec(text) ?? [];
    if (half !== undefined) {
      text = text.slice(0, -1);
      this.#waiting.unshift({text: half, at: parts.at(-1)?.at ?? 0});
    }
    if (text === '') return;
    this.#write(text);
    this.#writtenLength += text.length;
  }
}
