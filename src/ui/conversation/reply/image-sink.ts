import type {Message} from '../../../core/model.js';
import {imagesIn} from '../../../output/images/images-in-reply.js';
import type {MessageImages} from '../../../output/images/image-viewer.js';
import type {ReplySink} from '../../../output/reply/reply-renderer.js';

interface ImageSinkOptions {
  images: MessageImages;
  /** The reply so far. */
  reply: () => Pick<Message, 'text' | 'attachments'>;
  signal: AbortSignal;
}

/** How long text waits for an image. */
const maxWaitMs = 3000;

/**
 * Draws a reply with its images, each below the paragraph that names it. While an image is loaded, the text below it counts as
 * unfinished: it is visible, and is written to the scrollback after the image. A slow image does not hold text back for long: it
 * and later ones are left for the end.
 */
export class ImageSink implements ReplySink {
  readonly #sink: ReplySink;
  readonly #options: ImageSinkOptions;
  readonly #controller = new AbortController();
  readonly #placed = new Set<string>();
  /** Text, or images by their URL, that are not drawn yet. */
  #queue: (string | {url: string})[] = [];
  #pending = '';
  #loading: Promise<void> | undefined;
  /** What was drawn last ends with an image, below which there must be an empty line. */
  #endsWithImage = false;
  #failure: unknown;
  #isSlow = false;

  constructor(sink: ReplySink, options: ImageSinkOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  get width(): number {
    return this.#sink.width;
  }

  draw(committed: string, pending: string): void {
    this.#queue.push(...this.#split(committed));
    this.#pending = pending;
    this.#drawNext();
  }

  /** Waits for the last images. @param isCut the reply was stopped or has failed: its images are not waited for */
  async end({isCut}: {isCut: boolean}): Promise<void> {
    if (isCut) this.#controller.abort();
    while (this.#loading) await this.#loading;
    if (this.#endsWithImage) this.#sink.draw('\n', '');
    this.#endsWithImage = false;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Whether an image is not in its place, for example because the text does not name it. */
  readonly isLeft = (url: string): boolean => !this.#placed.has(url);

  /** Splits text after each paragraph with an image that was not drawn yet. */
  #split(committed: string): (string | {url: string})[] {
    const reply = this.#options.reply();
    if (this.#isSlow || !reply.text.includes('![') || !/https?:/.test(committed)) return [committed];
    const images = imagesIn(reply)
      .map(({url}) => ({url, at: this.#placed.has(url) ? -1 : committed.indexOf(url)}))
      .filter(({at}) => at !== -1)
      .toSorted((a, b) => a.at - b.at);
    const parts: (string | {url: string})[] = [];
    let drawn = 0;
    for (const {url, at} of images) {
      this.#placed.add(url);
      const blankLine = committed.indexOf('\n\n', Math.max(at, drawn));
      const end = at < drawn ? drawn : blankLine === -1 ? committed.length : blankLine + 2;
      parts.push(committed.slice(drawn, end), {url});
      drawn = end;
    }
    return [...parts, committed.slice(drawn)];
  }

  /** Draws up to the next image that must be loaded. */
  #drawNext(): void {
    let committed = '';
    while (!this.#loading) {
      const part = this.#queue.shift();
      if (part === undefined) break;
      if (typeof part === 'string') committed += this.#below(part);
      else this.#loading = this.#load(part.url, committed);
    }
    const waiting = this.#queue.filter((part) => typeof part === 'string').join('');
    this.#sink.draw(committed, waiting + this.#pending);
  }

  #below(text: string): string {
    if (text === '' || !this.#endsWithImage) return text;
    this.#endsWithImage = false;
    return text.startsWith('\n') ? text : `\n${text}`;
  }

  async #load(url: string, above: string): Promise<void> {
    const {images, reply, signal} = this.#options;
    const slow = new AbortController();
    const limited = AbortSignal.any([signal, this.#controller.signal, slow.signal]);
    const timer = setInterval(() => {
      if (!this.#queue.some((part) => typeof part === 'string' && part.trim() !== '')) return;
      this.#leaveRest(url);
      slow.abort();
    }, maxWaitMs).unref();
    try {
      for await (const lines of images.ofReply(reply(), limited, {only: (other) => other === url})) {
        const gap = this.#endsWithImage || !above.endsWith('\n\n') ? '\n' : '';
        this.#sink.draw(gap + lines, this.#pending);
        this.#endsWithImage = true;
      }
    } catch (error) {
      this.#failure ??= error;
    } finally {
      clearInterval(timer);
      this.#loading = undefined;
      this.#drawNext();
    }
  }

  /** This image and those below it are not drawn in their places. */
  #leaveRest(url: string): void {
    this.#isSlow = true;
    for (const part of [{url}, ...this.#queue]) if (typeof part !== 'string') this.#placed.delete(part.url);
    this.#queue = this.#queue.filter((part) => typeof part === 'string');
  }
}
