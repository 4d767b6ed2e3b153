import {Chalk} from 'chalk';
import type {Message} from '../../core/model.js';
import {sanitizeLine} from '../terminal/sanitize.js';
import type {Room} from './fit.js';
import type {Graphics} from './graphics.js';
import type {ImageSource} from './image-source.js';
import {renderInWorker} from './render-in-worker.js';
import {type AskTerminal, detectGraphics} from './terminal/detect-graphics.js';

interface ViewerOptions {
  env: Readonly<Record<string, string | undefined>>;
  color: boolean;
  stdout: {columns?: number; rows?: number};
  /** Asks the terminal; undefined if its answers cannot be read. */
  ask: AskTerminal | undefined;
}

export interface ShowOptions {
  signal: AbortSignal;
  /** The most rows that an image takes. Default: 24. */
  maxRows?: number;
}

/** The images of messages, as lines that show one after the other. */
export interface MessageImages {
  /** @param options.only which of its images, by their URLs. Default: all */
  ofReply(
    reply: Pick<Message, 'text' | 'attachments'>,
    signal: AbortSignal,
    options?: {only?: (url: string) => boolean},
  ): AsyncIterable<string>;
  /** @param paths those of all files that were sent */
  ofFiles(paths: readonly string[], signal: AbortSignal): AsyncIterable<string>;
}

/** Wider images are hard to take in at once, and take long to send. */
const maxColumns = 100;
/** The rows of the screen that an image leaves for other lines. */
const otherRows = 6;

/** Shows images on a terminal, in the best way that it has. */
export class ImageViewer {
  readonly #options: ViewerOptions;
  #graphics: Graphics | undefined;

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  /** Yields the lines of one image after the other. An image that cannot be shown is a line that says why. */
  async *show(sources: readonly ImageSource[], {signal, maxRows = 24}: ShowOptions): AsyncGenerator<string> {
    if (sources.length === 0 || signal.aborted) return;
    const graphics = await this.#detect(signal);
    if (!graphics) return;
    for (const source of sources) {
      const lines = await this.#lines(source, graphics, {signal, maxRows});
      if (signal.aborted) return;
      if (lines !== '') yield lines;
    }
  }

  async #lines(
    {name, load, isPreview = false}: ImageSource,
    graphics: Graphics,
    {signal, maxRows}: Required<ShowOptions>,
  ): Promise<string> {
    try {
      const bytes = await load(signal);
      if (!bytes) return '';
      const {lines, width, height} = await renderInWorker({bytes, graphics, room: this.#room(maxRows)}, {signal});
      const facts = `${sanitizeLine(name)} · ${width} × ${height} pixels`;
      return isPreview ? lines : `${lines}${this.#dim(facts)}\n`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return isPreview ? '' : `${this.#dim(`${sanitizeLine(name)} cannot be shown: ${sanitizeLine(reason)}`)}\n`;
    }
  }

  /** A terminal that has not answered in time is asked again for the next reply. */
  async #detect(signal: AbortSignal): Promise<Graphics | undefined> {
    const {env, color, ask} = this.#options;
    if (this.#graphics) return this.#graphics;
    const graphics = await detectGraphics({env, color, ask, signal});
    if (graphics && graphics.type !== 'blocks') this.#graphics = graphics;
    return graphics;
  }

  #room(maxRows: number): Room {
    const {columns, rows} = this.#options.stdout;
    return {
      columns: Math.max(1, Math.min((columns || 80) - 1, maxColumns)),
      rows: Math.max(2, Math.min((rows || 24) - otherRows, maxRows)),
    };
  }

  get #dim(): (text: string) => string {
    return new Chalk({level: this.#options.color ? 1 : 0}).dim;
  }
}
