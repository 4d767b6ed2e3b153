import {LineScreen} from './line-screen.js';
import {ScreenReader} from './screen-reader.js';
import {PlainScreen} from './plain-screen.js';
import type {Screen, ScreenOptions} from './screen.js';

interface ChatScreenOptions extends ScreenOptions {
  isForScreenReader: boolean;
  isDumb: boolean;
}

/** The screen of a chat: plain from the first moment, drawn by Ink as soon as that is loaded. */
export class ChatScreen implements Screen {
  readonly #options: ChatScreenOptions;
  readonly #screenReader: ScreenReader | undefined;
  readonly #lines: LineScreen | undefined;
  #screen: Screen;
  #loading: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: ChatScreenOptions) {
    this.#options = options;
    const {terminal, store, isForScreenReader, isDumb} = options;
    this.#screenReader = isForScreenReader || isDumb ? new ScreenReader({hasKeys: !isDumb}) : undefined;
    this.#lines = isDumb ? new LineScreen(terminal.stdout, store) : undefined;
    this.#screen = this.#lines ?? new PlainScreen(options);
  }

  /** Loads Ink. Not for screen readers: Ink writes unchanged lines again and again. */
  load(): Promise<void> {
    if (this.#screen instanceof PlainScreen && !this.#screenReader) this.#loading ??= this.#loadInk(this.#screen);
    return this.#loading ?? Promise.resolve();
  }

  readonly update = (printed: string): void => {
    if (this.#isClosed) return;
    const news = this.#screenReader?.news(this.#options.store.getSnapshot()) ?? '';
    this.#screen.update(printed + news);
  };

  /** On a dumb terminal, the user has entered a line. */
  lineEntered(): void {
    this.#lines?.lineEntered();
  }

  /** On a dumb terminal, the user has pressed Ctrl+C. */
  interrupted(): void {
    this.#lines?.interrupted();
  }

  renew(): void {
    this.#screen.renew();
  }

  close(): void {
    this.#isClosed = true;
    this.#screen.close();
  }

  async lend(work: () => Promise<void>): Promise<void> {
    await this.load();
    if (!this.#isClosed) await this.#screen.lend(work);
  }

  async #loadInk(plain: PlainScreen): Promise<void> {
    const {InkScreen, loadLayoutEngine} = await import('../ink/ink-screen.js');
    await loadLayoutEngine();
    if (!this.#isClosed) this.#screen = new InkScreen(this.#options, plain);
  }
}
