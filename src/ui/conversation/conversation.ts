import type {Reply} from '../../core/reply.js';
import {plain, type PromptText} from '../prompt/prompt-text.js';
import {parseSlashLine} from '../slash-commands/parse.js';
import {
  dequeue,
  endWork,
  queueMessage,
  requestStop,
  returnMessage,
  set,
  showNotice,
  startWork,
} from '../state/transitions.js';
import {type ChatSession, printError} from './chat-session.js';
import {editParameters} from './commands/edit-parameters.js';
import {editQuestion} from './commands/edit-question.js';
import {followReply} from './reply/follow-reply.js';
import {openStart, type Start} from './commands/open-chat.js';
import {pickArgument} from './commands/pick-argument.js';
import {ProgressClock} from './reply/progress-clock.js';
import {closeOpening} from './opening.js';
import {closeFooter} from './reply/reply-footer.js';
import {runCommand} from './commands/run-command.js';
import {runShellCommand} from './commands/run-shell-command.js';
import {sendMessage} from './send-message.js';
import {toggleReasoning} from './reply/thinking.js';

/** Sends messages and runs commands, one after the other. */
export class Conversation {
  readonly #session: ChatSession;
  #start: Start = {};
  /** Settles when the bot and the chat to start with are known. */
  #started: Promise<void> = Promise.resolve();
  #work: Promise<unknown> = Promise.resolve();
  readonly #clock: ProgressClock;
  #controller: AbortController | undefined;
  #reply: Reply | undefined;
  /** Whether a command is in progress or was the last thing. */
  #isCommand = false;

  constructor(session: ChatSession) {
    this.#session = session;
    const {deps, store} = session;
    this.#clock = new ProgressClock(store, {isAnimated: !deps.isForScreenReader && !deps.isDumb});
    deps.watchConnection((connection) => store.apply(set({connection})));
  }

  /** Looks up the bot and the chat to start with, and sends the first message. Other messages wait for the former. */
  async start(start: Start): Promise<void> {
    this.#start = start;
    this.#started = this.#open();
    const first = start.message ? plain(start.message) : undefined;
    try {
      await this.#started;
    } catch (error) {
      this.#session.store.apply(set({isStarting: false}));
      this.fail(error);
      if (first) this.#session.store.apply(returnMessage(first));
      return;
    }
    // The message was meant for the chat that was not found.
    if (first && this.#start !== start) this.#session.store.apply(returnMessage(first));
    else if (first) await this.submit(first);
  }

  /** Opens what to start with. Without a last chat to continue, a message starts a new one. */
  async #open(): Promise<void> {
    try {
      await openStart(this.#session, this.#start);
    } catch (error) {
      if (this.#start.chat !== 'last' || this.#session.deps.toError(error).code !== 'chat_not_found') throw error;
      this.fail(error);
      this.#start = {...this.#start, chat: undefined};
      await openStart(this.#session, this.#start);
    }
  }

  /** Sends a message or runs a command. During a reply, the message is queued. */
  async submit(message: PromptText): Promise<void> {
    const {store} = this.#session;
    store.apply(showNotice(''));
    const isRunning = store.getSnapshot().activity !== 'idle';
    if (isRunning && /^\/cancel\s*$/.test(message.text)) return this.cancel();
    if (/^(?:exit|quit|\/(?:exit|quit|q))\s*$/.test(message.text)) return this.#session.leave();
    const picking = pickArgument(this.#session, message.text);
    if (picking) {
      const chosen = await picking;
      return chosen === undefined ? undefined : this.submit(plain(chosen));
    }
    const line = parseSlashLine(message.text);
    // It applies to the next message, and need not wait for a reply. A command may be switching the bot.
    if (line?.name === 'param' && !(isRunning && this.#isCommand)) {
      closeOpening(this.#session);
      return editParameters(this.#session, line.words).catch((error: unknown) => this.fail(error));
    }
    if (isRunning) return store.apply(queueMessage(message));
    const work = this.#run(message);
    this.#work = work;
    if (await work) await this.sendQueued();
  }

  /** Sends the message that was queued first. */
  async sendQueued(): Promise<void> {
    const {store} = this.#session;
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
    // After the text of a reply, its images are loaded.
    if (this.#reply && this.#reply.current.state !== 'complete')
      void this.#reply.cancel().catch((error: unknown) => this.fail(error));
    else this.#controller?.abort();
  }

  /** Stops the reply or the command, and waits for its end. */
  async stop(): Promise<void> {
    this.#session.store.apply(set({queue: []}));
    this.#controller?.abort();
    await this.#work;
    closeOpening(this.#session);
    closeFooter(this.#session, null);
  }

  /** Shows the reasoning of the reply, or folds it again. */
  toggleReasoning(): void {
    toggleReasoning(this.#session);
  }

  /** Has the user edit an earlier question. Prints its own errors. */
  async editQuestion(): Promise<void> {
    await editQuestion(this.#session).catch((error: unknown) => this.fail(error));
  }

  fail(error: unknown): void {
    closeOpening(this.#session);
    printError(this.#session, error);
  }

  /** @returns false if it failed: then the queue waits for the user */
  async #run(message: PromptText): Promise<boolean> {
    const session = this.#session;
    const {signal} = (this.#controller = new AbortController());
    const line = parseSlashLine(message.text);
    const startedAt = performance.now();
    this.#isCommand = line !== undefined && !message.isShellCommand;
    closeFooter(session, null);
    session.store.apply(startWork);
    this.#clock.start(message.isShellCommand ? message.text : line && `/${line.name}`);
    try {
      // Its error was already shown. A shell command needs no bot.
      if (!message.isShellCommand) await this.#started.catch(() => {});
      closeOpening(session);
      if (message.isShellCommand) await runShellCommand(session, message.text, signal);
      else if (line) this.#reply = await runCommand(session, line, signal);
      else if (!(await this.#send(message, signal))) return false;
      if (this.#reply) await followReply(session, this.#reply, {startedAt, signal});
      return true;
    } catch (error) {
      session.store.apply(set({tail: ''}));
      this.fail(error);
      return false;
    } finally {
      this.#controller = undefined;
      this.#reply = undefined;
      this.#clock.stop();
      session.store.apply(endWork);
    }
  }

  /** Sends a message. If it is not accepted, it returns to the prompt. */
  async #send(message: PromptText, signal: AbortSignal): Promise<boolean> {
    const session = this.#session;
    try {
      this.#reply = await sendMessage(session, message, {start: this.#start, signal});
      return this.#reply !== undefined;
    } finally {
      if (!this.#reply) session.store.apply(returnMessage(message));
    }
  }
}
