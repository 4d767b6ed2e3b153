import {lastRows} from './rows.js';
import {type OutputStream, streamWriter, type Writer} from './writer.js';

/** A program that shows a text screen by screen. */
export interface Pager {
  /** @returns false when it has ended */
  write(text: string): Promise<boolean>;
  /** Waits until it has ended. @returns whether it could be run at all */
  end(): Promise<boolean>;
}

export type StartPager = () => Promise<Pager | undefined>;

/** So much text fits into no pipe: if it could be written, it was read. */
const surely = 1 << 20;

/** Writes on a terminal: what fits on its screen as it is, what is longer through a pager, if there is one and it runs. */
export class ScreenWriter implements Writer {
  readonly #screen: OutputStream;
  readonly #plain: Writer;
  readonly #startPager: StartPager;
  #pager: Pager | undefined;
  #isPlain = false;
  /** What nobody may have seen yet, until there is a pager that surely reads. */
  #kept = '';
  #isRead = false;
  /** How many rows of the screen that takes. */
  #rows = 0;

  constructor(screen: OutputStream, startPager: StartPager) {
    this.#screen = screen;
    this.#plain = streamWriter(screen);
    this.#startPager = startPager;
  }

  async write(text: string): Promise<boolean> {
    if (this.#isPlain) return this.#plain.write(text);
    if (!this.#isRead) this.#kept += text;
    if (this.#pager) return this.#page(this.#pager, text);
    if (this.#fits(text)) return true;
    this.#pager = await this.#startPager();
    return this.#pager ? this.#page(this.#pager, this.#kept) : this.#showPlain();
  }

  async end(): Promise<void> {
    if (!this.#isPlain && !(await this.#pager?.end())) await this.#showPlain();
  }

  async #page(pager: Pager, text: string): Promise<boolean> {
    if (!(await pager.write(text))) return (await pager.end()) ? false : this.#showPlain();
    this.#isRead ||= this.#kept.length > surely;
    if (this.#isRead) this.#kept = '';
    return true;
  }

  #showPlain(): Promise<boolean> {
    this.#isPlain = true;
    const text = this.#kept;
    this.#kept = '';
    return this.#plain.write(text);
  }

  #fits(text: string): boolean {
    const {columns, rows} = this.#screen;
    // The last row is for what comes after: the shell's prompt.
    const room = (rows || 24) - 1 - this.#rows;
    const {rows: taken, isCut} = lastRows(text.replace(/\n$/, '').split('\n'), columns || 80, room);
    this.#rows += taken.length;
    return !isCut;
  }
}
