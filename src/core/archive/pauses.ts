import {setTimeout} from 'node:timers/promises';
import {interruption} from '../errors.js';
import type {Chat} from '../model.js';
import {isLocalChat} from '../names/chat-ref.js';

const chatMs = 1_000;
const pageMs = 300;

/** The pauses between requests to poe.com, so that a sync burdens it no more than a person who reads. */
export class Pauses {
  readonly #isOff: boolean;
  readonly #signal: AbortSignal | undefined;

  /** @param isOff whether the site is on this machine */
  constructor({isOff, signal}: {isOff: boolean; signal?: AbortSignal | undefined}) {
    this.#isOff = isOff;
    this.#signal = signal;
  }

  /** The least time between two requests for pages of a list, in milliseconds. */
  get pageMs(): number {
    return this.#isOff ? 0 : pageMs;
  }

  /** Whether to wait before a chat is read. */
  isNeededBefore(chat: Chat): boolean {
    return !this.#isOff && !isLocalChat(chat);
  }

  /** Waits before another chat is read. @throws PoeError `interrupted` */
  async beforeChat(): Promise<void> {
    await this.#wait(chatMs);
  }

  /** Waits before another small request. @throws PoeError `interrupted` */
  async beforePage(): Promise<void> {
    await this.#wait(pageMs);
  }

  async #wait(ms: number): Promise<void> {
    if (this.#signal?.aborted) throw interruption(this.#signal);
    if (this.#isOff) return;
    await setTimeout(ms, undefined, {signal: this.#signal}).catch(() => {
      throw interruption(this.#signal);
    });
  }
}
