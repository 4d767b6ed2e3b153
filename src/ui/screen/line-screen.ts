import type {ChatTerminal} from '../chat-deps.js';
import type {ChatStore} from '../state/store.js';
import type {Screen} from './screen.js';

/** Prints lines only, without escape sequences (TERM=dumb). The terminal itself shows what is typed. */
export class LineScreen implements Screen {
  readonly #stdout: ChatTerminal['stdout'];
  readonly #store: ChatStore;
  /** Whether the cursor is after a prompt. */
  #isPrompting = false;

  constructor(stdout: ChatTerminal['stdout'], store: ChatStore) {
    this.#stdout = stdout;
    this.#store = store;
    this.update('');
  }

  update(printed: string): void {
    const {activity, question} = this.#store.getSnapshot();
    if (printed !== '') this.#print(printed);
    const isWaiting = question !== undefined || activity === 'idle';
    if (!isWaiting || this.#isPrompting) return;
    this.#stdout.write('> ');
    this.#isPrompting = true;
  }

  /** The user has entered a line, so that the cursor is at the start of the next one. */
  lineEntered(): void {
    this.#isPrompting = false;
    queueMicrotask(() => this.update(''));
  }

  /** The user has pressed Ctrl+C. The terminal shows that at the cursor. */
  interrupted(): void {
    if (!this.#isPrompting) this.#stdout.write('\n');
  }

  renew(): void {
    this.#isPrompting = false;
    this.update('');
  }

  close(): void {
    if (this.#isPrompting) this.#stdout.write('\n');
    this.#isPrompting = false;
  }

  async lend(work: () => Promise<void>): Promise<void> {
    this.close();
    await work();
    this.update('');
  }

  #print(printed: string): void {
    this.#stdout.write(this.#isPrompting ? `\n${printed}` : printed);
    this.#isPrompting = false;
  }
}
