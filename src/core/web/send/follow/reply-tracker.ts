import type {PoeError} from '../../../errors.js';
import type {Message} from '../../../model.js';
import type {ChannelListener} from '../../live/channel.js';
import type {ChannelEvent} from '../../live/frame.js';
import {EventBuffer} from './event-buffer.js';
import {matchEcho, matchEvent, matchMessage, type ReplyTarget} from './match-reply.js';
import {emptySnapshot, isEndState, reduce, type ReplySnapshot, type SnapshotUpdate} from './reply-snapshot.js';
import type {Id} from '../../../names/id.js';
import {whenAborted} from '../../../http/when-aborted.js';

/** Poe's event for the user's own message, which shows that it was accepted. */
export interface Echo {
  chatId: Id;
  userMessageId: Id;
}

/** Listens to the live channel for one reply. Until `track` is called, it buffers events and looks for the echo. */
export class ReplyTracker implements ChannelListener {
  /** Events may have been missed. */
  hasGap = false;
  /** Why the live connection was lost. */
  error: PoeError | undefined;
  readonly #clientNonce: string | undefined;
  readonly #buffer = new EventBuffer();
  readonly #waiting = new Set<() => void>();
  #target: ReplyTarget | undefined;
  #snapshot = emptySnapshot;
  #echo: Echo | undefined;
  #version = 0;
  #progressCount = 0;

  /** @param clientNonce the nonce of the message that is about to be sent */
  constructor(clientNonce?: string) {
    this.#clientNonce = clientNonce;
  }

  get snapshot(): ReplySnapshot {
    return this.#snapshot;
  }

  get echo(): Echo | undefined {
    return this.#echo;
  }

  /** Counts all changes. */
  get version(): number {
    return this.#version;
  }

  /** Counts the changes that come from Poe; a gap is none of them. */
  get progressCount(): number {
    return this.#progressCount;
  }

  /** The number of buffered events. */
  get bufferedCount(): number {
    return this.#buffer.size;
  }

  get isEnded(): boolean {
    return isEndState(this.#snapshot.state);
  }

  /** Sets the reply to follow, and processes the events so far. */
  track(target: ReplyTarget): void {
    this.#target = {clientNonce: this.#clientNonce, ...target};
    this.#snapshot = {...this.#snapshot, messageId: this.#snapshot.messageId ?? target.botMessageId};
    for (const event of this.#buffer.drain()) this.event(event);
  }

  event(event: ChannelEvent): void {
    if (this.#target) {
      this.update(matchEvent(this.#target, this.#snapshot, event));
      return;
    }
    const userMessageId = this.#clientNonce === undefined ? undefined : matchEcho(this.#clientNonce, event);
    if (userMessageId !== undefined && event.chatId !== undefined) {
      this.#echo = {chatId: event.chatId, userMessageId};
      this.#progress();
    }
    this.#buffer.add(event);
  }

  gap(): void {
    this.hasGap = true;
    this.#notify();
  }

  lost(error: PoeError): void {
    this.error = error;
    this.#notify();
  }

  /** Takes a message that may be the reply, from a response. */
  message(message: Message): void {
    if (this.#target) this.update(matchMessage(this.#target, this.#snapshot, message));
  }

  update(update: SnapshotUpdate | undefined): void {
    if (!update) return;
    this.#snapshot = reduce(this.#snapshot, update);
    if (update.type !== 'later_reply' && update.type !== 'later_user_message') this.#progress();
  }

  /**
   * Waits for a change after `version`.
   * @returns the current version; `version` itself if nothing changed within `ms` or before the signal was aborted
   */
  async changed(version: number, ms: number, signal?: AbortSignal): Promise<number> {
    if (this.#version !== version || signal?.aborted) return this.#version;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      whenAborted(signal, done);
      this.#waiting.add(done);
    });
    return this.#version;
  }

  /** @returns undefined if the echo does not arrive within `ms`, or before the signal is aborted */
  async waitForEcho(ms: number, signal?: AbortSignal): Promise<Echo | undefined> {
    const until = performance.now() + ms;
    for (let leftMs = ms; !this.#echo && leftMs > 0 && !signal?.aborted; leftMs = until - performance.now()) {
      await this.changed(this.#version, leftMs, signal);
    }
    return this.#echo;
  }

  #progress(): void {
    this.#progressCount++;
    this.#notify();
  }

  #notify(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
  }
}
