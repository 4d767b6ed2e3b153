import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {PoeError} from '../../core/errors.js';
import type {FromScript, ScriptBot, ScriptError, ScriptOptions, ToScript} from '../../bot-server/script/messages.js';

/** The built thread. It is an ES module, because others cannot load a module that waits for something. */
const entry = new URL('../../lib/bot-script.js', import.meta.url);

/** What happens while a script runs. */
export interface ScriptEvents {
  /** A note about a request, a failed bot or the settings. */
  onNote: (text: string) => void;
  /** What the script prints. */
  onOutput: (text: string) => void;
}

export interface ServedScript {
  url: string;
  bots: readonly ScriptBot[];
}

type Message<Type extends FromScript['type']> = Extract<FromScript, {type: Type}>;

/** A script in a thread of its own, with the server for its bots. A thread can be stopped, whatever the script does. */
export class ScriptServer {
  /** Rejects when the script fails or ends. */
  readonly failed: Promise<never>;
  /** Resolves when it serves no more. */
  readonly closed: Promise<unknown>;
  readonly #worker: Worker;
  readonly #name: string;
  readonly #events: ScriptEvents;
  #isEnding = false;

  /**
   * @param name the script, for messages
   * @throws PoeError `file`
   */
  constructor(name: string, options: ScriptOptions, events: ScriptEvents) {
    if (!existsSync(entry)) throw new PoeError('file', `${entry.pathname} is missing`, {hint: 'Install poe again.'});
    this.#name = name;
    this.#events = events;
    this.#worker = new Worker(entry, {workerData: options, stdout: true, stderr: true});
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => events.onOutput(text));
    }
    this.failed = new Promise((_resolve, reject) => {
      this.#worker.on('message', (message: FromScript) => {
        if (message.type === 'failed') reject(this.#toError(message.error));
        else this.#report(message);
      });
      this.#worker.on('error', (error) => reject(this.#crashed(error)));
      this.#worker.on('exit', (code) => {
        if (!this.#isEnding) reject(new PoeError('file', `${name} ended itself with exit code ${code}`));
      });
    });
    // It is also reported by what waits for the script.
    this.failed.catch(() => {});
    this.closed = this.#next('closed').catch(() => {});
  }

  /** Waits until the script is loaded. @throws PoeError `file`, `usage` */
  async load(): Promise<void> {
    await this.#next('loaded');
  }

  /** Starts the server of a loaded script. @throws PoeError `usage`; the system's error if the port cannot be used */
  async listen(): Promise<ServedScript> {
    const listening = this.#next('listening');
    this.#tell({type: 'listen'});
    return listening;
  }

  /** Stops listening. Replies that are being written have some time to end. @returns when the port is free */
  async release(waitMs: number): Promise<void> {
    this.#isEnding = true;
    const closing = this.#next('closing');
    this.#tell({type: 'close', waitMs});
    await closing;
  }

  /** Ends after the replies that are being written, and in any case after some time. */
  async close(waitMs: number): Promise<void> {
    this.#tell({type: 'close', waitMs});
    // Replies that do not end are aborted, which takes a moment, too.
    const limit = new Promise<void>((resolve) => setTimeout(resolve, waitMs + 1500).unref());
    await Promise.race([this.closed, limit]);
    await this.terminate();
  }

  /** Ends at once. */
  async terminate(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  /** The next message of a type. Rejects when the script fails. */
  #next<const Type extends FromScript['type']>(type: Type): Promise<Message<Type>> {
    const message = new Promise<Message<Type>>((resolve) => {
      const take = (message: FromScript) => {
        if (message.type !== type) return;
        this.#worker.off('message', take);
        // Its type says so.
        resolve(message as Message<Type>);
      };
      this.#worker.on('message', take);
    });
    return Promise.race([message, this.failed]);
  }

  #tell(message: ToScript): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
    this.#worker.postMessage(message);
  }

  #report(message: FromScript): void {
    const {onNote, onOutput} = this.#events;
    if (message.type === 'request') {
      const {path, kind, status, ms} = message.entry;
      onNote(`${new Date().toTimeString().slice(0, 8)} ${path} ${kind} ${status} ${ms} ms`);
    } else if (message.type === 'thrown') {
      onOutput(`${this.#name} has thrown an error:\n${message.text}\n`);
    } else if (message.type === 'updated') {
      onNote(`Updated the settings of ${message.handle} on Poe.`);
    } else if (message.type === 'not updated') {
      onNote(`The settings of ${message.handle} on Poe were not updated: ${message.message}`);
    }
  }

  #toError({message, code, hint, stack, isListening}: ScriptError): unknown {
    if (isListening && (code === 'EADDRINUSE' || code === 'EACCES')) return Object.assign(new Error(message), {code});
    if (isListening && code !== 'usage') return new PoeError('usage', `Cannot listen: ${message}`);
    if (stack !== undefined) this.#events.onOutput(`${stack}\n`);
    if (code === 'usage') return new PoeError('usage', `${this.#name}: ${message}`, {hint});
    const needsPackage = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'poe-cli'");
    return new PoeError('file', `Could not run ${this.#name}: ${message}`, {
      hint: needsPackage ? 'Run "npm install poe-cli" in the folder of the script.' : hint,
    });
  }

  #crashed(error: Error): PoeError {
    if (error.stack !== undefined) this.#events.onOutput(`${error.stack}\n`);
    return new PoeError('file', `${this.#name} failed: ${error.message.split('\n')[0]}`, {cause: error});
  }
}
