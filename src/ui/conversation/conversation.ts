import type {Reply} from '../../core/reply.js';
import {parseSlashLine} from '../slash-commands/parse.js';
import {dequeue, endWork, queueMessage, requestStop, set, showNotice, startWork} from '../state/transitions.js';
import {type ChatSession, printError} from './chat-session.js';
import {followReply} from './follow-reply.js';
import {openStart, type Start} from './open-chat.js';
import {runCommand} from './run-command.js';
import {sendMessage} from './send-message.js';

/** Sends messages and runs commands, one after the other. */
export class Conversation {
  readonly #session: ChatSession;
  #start: Start = {};
  /** Settles when the bot and the chat to start with are known. */
  #started: Promise<void> = Promise.resolve();
  #work: Promise<void> = Promise.resolve();
  #controller: AbortController | undefined;
  #reply: Reply | undefined;

  constructor(session: ChatSession) {
    this.#session = session;
    session.deps.watchConnection((connection) => session.store.apply(set({connection})));
  }

  /** Looks up the bot and the chat to start with. Messages wait for it. */
  async start(start: Start): Promise<void> {
    this.#start = start;
    this.#started = openStart(this.#session, start);
    try {
      await this.#started;
    } catch (error) {
      this.fail(error);
    } finally {
      this.#session.store.apply(set({isStarting: false}));
    }
  }

  /** Sends a message or runs a command. During a reply, the message is queued. */
  async submit(text: string): Promise<void> {
    const {store} = this.#session;
    store.apply(showNotice(''));
    const isRunning = store.getSnapshot().activity !== 'idle';
    if (isRunning && /^\/cancel\s*$/.test(text)) return this.cancel();
    if (isRunning) return store.apply(queueMessage(text));
    this.#work = this.#run(text);
    await this.#work;
    const [next] = store.getSnapshot().queue;
    if (next === undefined) return;
    store.apply(dequeue);
    await this.submit(next);
  }

  /** Stops the reply or the command. */
  cancel(): void {
    const {store} = this.#session;
    if (store.getSnapshot().activity !== 'running') return;
    store.apply(requestStop);
    if (this.#reply) void this.#reply.cancel().catch((error: unknown) => this.fail(error));
    else this.#controller?.abort();
  }

  /** Stops the reply or the command, and waits for its end. */
  async stop(): Promise<void> {
    this.#session.store.apply(set({queue: []}));
    this.#controller?.abort();
    await this.#work;
  }

  fail(error: unknown): void {
    printError(this.#session, error);
  }

  async #run(text: string): Promise<void> {
    const session = this.#session;
    const {signal} = (this.#controller = new AbortController());
    session.store.apply(startWork);
    try {
      // Its error was already shown.
      await this.#started.catch(() => {});
      const line = parseSlashLine(text);
      this.#reply = line
        ? await runCommand(session, line, signal)
        : await sendMessage(session, text, {start: this.#start, signal});
      if (this.#reply) await followReply(session, this.#reply);
    } catch (error) {
      session.store.apply(set({tail: ''}));
      this.fail(error);
    } finally {
      this.#controller = undefined;
      this.#reply = undefined;
      session.store.apply(endWork);
    }
  }
}
