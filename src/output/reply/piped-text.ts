import {looksLikeProgress} from '../markdown/streaming/progress-text.js';

/** A change to the text: as `ReplyEvent`. */
export interface TextChange {
  type: 'append' | 'replace';
  text: string;
}

/** Writes some text. @returns a promise if more should only be written afterwards */
type Write = (text: string) => Promise<unknown> | undefined | void;

/** Node converts all of a text to bytes before it writes them. A very long one would take twice the memory. */
const maxPartLength = 1024 * 1024;

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
  readonly #write: Write;
  readonly #isAppendOnly: boolean;
  readonly #now: () => number;
  /** The whole text so far. */
  #text = '';
  /** How much of it is written. */
  #writtenLength = 0;
  /** How much of it may be written. */
  #releasedLength = 0;
  /** Of a text that is only added to, what is not written yet. It arrives in pieces, and to cut it out of the whole text would join all of them. */
  #added = '';
  #isBusy = false;
  /** What was written before the text was replaced. */
  #replaced: string | undefined;
  /** Where each part ends that is not written yet, oldest first, and when it arrived. A slice would keep all of its text in memory. */
  #waiting: {end: number; at: number}[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends. */
  #timerAt = Infinity;
  #immediate: NodeJS.Immediate | undefined;

  constructor(write: Write, {isAppendOnly = false, now = () => performance.now()}: PipedTextOptions = {}) {
    this.#write = write;
    this.#isAppendOnly = isAppendOnly;
    this.#now = now;
  }

  /** @param whole the text after the change */
  update({type, text}: TextChange, whole: string): void {
    if (type === 'replace') {
      this.#replaced ??= this.#written;
      this.#stop();
    }
    this.#text = whole;
    if (this.#replaced !== undefined || text === '') return;
    if (this.#isAppendOnly) {
      this.#added += text;
      // What arrives together is written together.
      this.#immediate ??= setImmediate(() => this.#writeAdded());
      return;
    }
    const at = this.#now();
    this.#waiting.push({end: whole.length, at});
    this.#release(at);
  }

  /** Writes the rest, and a newline if the text has none at its end. @returns whether exactly the text was written */
  finish(text: string): {isExact: boolean} {
    const {isExact} = this.complete(text);
    const written = this.#written;
    if (!isExact) {
      if (!written.endsWith('\n')) void this.#write('\n');
      this.#writeAll(text);
    }
    if (text !== '' && !text.endsWith('\n')) void this.#write('\n');
    return {isExact};
  }

  /** Writes the rest, unless the text does not begin with what is written. @returns whether exactly the text was written */
  complete(text: string): {isExact: boolean} {
    this.#stop();
    const written = this.#written;
    const isExact = text.slice(0, written.length) === written;
    if (isExact) this.#writeAll(text, written.length);
    return {isExact};
  }

  /** Writes nothing more. */
  discard(): void {
    this.#stop();
  }

  /** Writes the received text of a reply that was cut off. */
  stop(): void {
    const written = this.#written;
    this.finish(this.#text.startsWith(written) ? this.#text : written);
  }

  get #written(): string {
    return this.#replaced ?? this.#text.slice(0, this.#writtenLength);
  }

  /** Writes the text that is old enough, and starts a timer for the next part. The last one waits for an update. */
  #release(now: number): void {
    if (looksLikeProgress(this.#text)) return;
    let count = 0;
    const dueAt = (index: number) =>
      (this.#waiting[index]?.at ?? 0) + (index === this.#waiting.length - 2 ? delayMs.afterOne : delayMs.afterSeveral);
    const last = this.#waiting.length - 1;
    while (count < last && dueAt(count) <= now) count++;
    const released = this.#waiting.splice(0, count).at(-1);
    if (released) {
      this.#releasedLength = released.end;
      this.#writeReleased();
    }
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

  /** Nothing more is written by itself. */
  #stop(): void {
    this.#stopTimers();
    this.#waiting = [];
    this.#releasedLength = 0;
    this.#added = '';
  }

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#timerAt = Infinity;
  }

  /** The text waits here rather than in the stream, where each part would keep the text in memory that it was cut from. */
  #writeReleased(): void {
    while (!this.#isBusy && this.#writtenLength < this.#releasedLength) {
      const end = endOfPart(this.#text, this.#writtenLength, this.#releasedLength);
      // Half of a character that consists of two UTF-16 code units waits for the other half.
      if (end === this.#writtenLength) return;
      const written = this.#write(this.#text.slice(this.#writtenLength, end));
      this.#writtenLength = end;
      if (written) void this.#continueAfter(written);
    }
  }

  async #continueAfter(written: Promise<unknown>): Promise<void> {
    this.#isBusy = true;
    await written;
    this.#isBusy = false;
    this.#writeReleased();
  }

  #writeAdded(): void {
    this.#immediate = undefined;
    const [half = ''] = /[\ud800-\udbff]$/.exec(this.#added.slice(-1)) ?? [];
    const text = half === '' ? this.#added : this.#added.slice(0, -1);
    this.#added = half;
    this.#writtenLength += text.length;
    this.#writeAll(text);
  }

  #writeAll(text: string, start = 0): void {
    for (let from = start; from < text.length;) {
      const end = endOfPart(text, from, text.length);
      const to = end > from ? end : text.length;
      void this.#write(text.slice(from, to));
      from = to;
    }
  }
}

/** Where the next part of a text ends: not between the two code units of a character. */
function endOfPart(text: string, start: number, limit: number): number {
  const end = Math.min(start + maxPartLength, limit);
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}
