import type {OutputStream} from '../terminal/writer.js';
import {LiveRows} from '../terminal/rows/live-rows.js';
import {paintWith} from '../terminal/paint.js';
import {type ComparedColumn, comparison, stacked} from './comparison.js';

/** How often to draw the replies again. */
const intervalMs = 100;

/** Shows replies while they arrive: live on a terminal; in a pipe, or on a dumb terminal, each one when it has ended. */
export class ComparisonView {
  readonly #stdout: OutputStream;
  readonly #columns: ComparedColumn[];
  readonly #color: boolean;
  readonly #rows: LiveRows | undefined;
  #timer: NodeJS.Timeout | undefined;
  #printed = 0;

  constructor(stdout: OutputStream, names: readonly string[], {color, isLive}: {color: boolean; isLive: boolean}) {
    this.#stdout = stdout;
    this.#columns = names.map((name) => ({name, text: ''}));
    this.#color = color;
    this.#rows = isLive ? new LiveRows(stdout) : undefined;
    this.#draw();
  }

  /** Shows more of a reply. */
  update(index: number, column: Partial<ComparedColumn>): void {
    const before = this.#columns[index];
    if (!before) return;
    const changed = {...before, ...column};
    this.#columns[index] = changed;
    if (this.#rows) this.#timer ??= setTimeout(() => this.#draw(), intervalMs);
    else if (column.end) this.#print(changed);
  }

  /** Leaves the replies on the screen. */
  end(): void {
    clearTimeout(this.#timer);
    this.#rows?.draw(this.#render(), '');
  }

  #draw(): void {
    this.#timer = undefined;
    this.#rows?.draw('', this.#render());
  }

  #render(): string {
    return comparison(this.#columns, {width: this.#rows?.width ?? 80, paint: paintWith({color: this.#color})});
  }

  #print(column: ComparedColumn): void {
    const width = this.#stdout.columns ?? Infinity;
    const text = stacked([column], {width, paint: paintWith({color: this.#color})});
    this.#stdout.write(`${this.#printed++ === 0 ? '' : '\n'}${text}`);
  }
}
