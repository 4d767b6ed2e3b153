import type {Chat, Message} from './chat.js';

/** A bot writing a reply. */
export interface Job {
  readonly chat: Chat;
  /** The message being written; undefined once all text is written. */
  readonly message: Message | undefined;
  /** Stops the reply and publishes the cancellation. Does nothing when all text is written. */
  cancel(): void;
  /** Stops the reply without publishing anything. */
  abandon(): void;
}

/** The jobs that are running. */
export class Jobs {
  readonly #jobs = new Set<Job>();

  add(job: Job): void {
    this.#jobs.add(job);
  }

  remove(job: Job): void {
    this.#jobs.delete(job);
  }

  /** Whether a bot is writing in a chat. */
  areWriting(chat: Chat): boolean {
    return [...this.#jobs].some((job) => job.chat === chat && job.message !== undefined);
  }

  cancel(matches: (job: Job) => boolean): void {
    for (const job of this.#jobs) if (matches(job)) job.cancel();
  }

  /** Cancels the jobs whose chat or message is being deleted. Nothing is published after the cancellation. */
  stop(matches: (job: Job) => boolean): void {
    for (const job of this.#jobs) {
      if (!matches(job)) continue;
      job.cancel();
      job.abandon();
    }
  }

  /** Stops all jobs without publishing anything. */
  abandonAll(): void {
    for (const job of this.#jobs) job.abandon();
  }
}
