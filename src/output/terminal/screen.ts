import {lastRows} from './rows/rows.js';
import {type OutputStream, streamWriter, type Writer} from './writer.js';

/** A program that shows a text one screen at a time. */
export interface Pager {
  /** @returns false when it has ended */
  write(text: string): Promise<boolean>;
  /** Waits until it ends. @returns whether it could be run at all */
  end(): Promise<boolean>;
}

export type StartPager = () => Promise<Pager | undefined>;

/** More than a pipe can buffer: once this much is written, the pager has read some of it. */
const maxPipeLength = 1 << 20;

/** Writes to a terminal: directly if the text fits on the screen, else through a pager, if there is one that runs. */
export class ScreenWriter implements Writer {
  readonly #screen: OutputStream;
  readonly #direct: Writer;
  readonly #startPager: StartPager;
  #pager: Pager | undefined;
  #isDirect = false;
  /** The text so far, until the pager has certainly read some of it. */
  #buffered = '';
  #isRead = false;
  /** The number of rows that the text takes. */
  #rows = 0;

  constructor(screen: OutputStream, startPager: StartPager) {
    this.#screen = screen;
    this.#direct = streamWriter(screen);
    this.#startPager = startPager;
  }

  get isPaged(): boolean {
    return this.#pager !== undefined && !this.#isDirect;
  }

  async write(text: string): Promise<boolean> {
    if (this.#isDirect) return this.#direct.write(text);
    if (!this.#isRead) this.#buffered += text;
    if (this.#pager) return this.#page(this.#pager, text);
    if (this.#fits(text)) return true;
    this.#pager = await this.#startPager();
    return this.#pager ? this.#page(this.#pager, this.#buffered) : this.#writeDirectly();
  }

  async end(): Promise<void> {
    if (!this.#isDirect && !(await this.#pager?.end())) await this.#writeDirectly();
  }

  async #page(pager: Pager, text: string): Promise<boolean> {
    if (!(await pager.write(text))) return (await pager.end()) ? false : this.#writeDirectly();
    this.#isRead ||= this.#buffered.length > maxPipeLength;
    if (this.#isRead) this.#buffered = '';
    return true;
  }

  #writeDirectly(): Promise<boolean> {
    this.#isDirect = true;
    const text = this.#buffered;
    this.#buffered = '';
    return this.#direct.write(text);
  }

  #fits(text: string): boolean {
    const {columns, rows} = this.#screen;
    // The last row is for the prompt of the shell.
    const room = (rows || 24) - 1 - this.#rows;
    const {rows: added, isCut} = lastRows(text.replace(/\n$/, '').split('\n'), columns || 80, room);
    this.#rows += added.length;
    return !isCut;
  }
}
