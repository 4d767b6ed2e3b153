import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import type {AskTerminal} from './detect-graphics.js';

/** The stdin of a terminal. */
interface TerminalInput extends NodeJS.ReadableStream {
  isTTY?: boolean;
  setRawMode?: (isRaw: boolean) => unknown;
}

/** How long a terminal may take. Over a slow connection it takes longer, and images are then shown as half blocks. */
const answerMs = 300;
/** How long the end of the program waits for an answer that is late, so that it does not appear in the shell's prompt. */
const lateMs = 1000;

/** Asks the terminal of a program that otherwise reads no keys. */
export class TerminalQuestions {
  readonly #stdin: TerminalInput;
  readonly #stdout: NodeJS.WritableStream;
  #answers = '';
  #isComplete: (answers: string) => boolean = () => true;
  #completed: () => void = () => {};
  #isReading = false;

  constructor(stdin: TerminalInput, stdout: NodeJS.WritableStream) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  /** Whether the terminal can be asked. In the background, reading from it would stop the program. */
  async canAsk(): Promise<boolean> {
    return this.#stdin.isTTY === true && this.#stdin.setRawMode !== undefined && (await isInForeground());
  }

  readonly ask: AskTerminal = async (query, isComplete) => {
    this.#isComplete = isComplete;
    this.#answers = '';
    this.#startReading();
    this.#stdout.write(query);
    await this.#wait(answerMs);
    return this.#answers;
  };

  /** Waits for a late answer. */
  async close(): Promise<void> {
    if (!this.#isReading) return;
    await this.#wait(lateMs);
    this.#stopReading();
  }

  #startReading(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    // Without raw mode, the terminal would show the answers and wait for Enter.
    this.#stdin.setRawMode?.(true);
    this.#stdin.on('data', this.#read);
    this.#stdin.resume();
  }

  #stopReading(): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#stdin.off('data', this.#read);
    this.#stdin.pause();
    this.#stdin.setRawMode?.(false);
  }

  readonly #read = (chunk: Buffer | string): void => {
    const text = chunk.toString();
    // In raw mode, Ctrl+C is a character. On Windows, a real signal would end the process at once.
    if (text.includes('\u0003')) process.emit('SIGINT', 'SIGINT');
    this.#answers += text;
    if (!this.#isComplete(this.#answers)) return;
    this.#stopReading();
    this.#completed();
  };

  async #wait(ms: number): Promise<void> {
    if (!this.#isReading) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#completed = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}

/** Whether the shell has given the terminal to this program. */
async function isInForeground(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
    // After the name in parentheses: state, parent, process group, session, terminal, process group in the foreground.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group !== undefined && group === foreground;
  }
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'stat=', '-p', String(process.pid)], {timeout: answerMs}, (error, stdout) =>
      resolve(!error && stdout.includes('+')),
    );
  });
}
