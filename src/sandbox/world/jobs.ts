import type {Chat, Job} from './chat.js';

/** The bots that are at work. */
export class Jobs {
  readonly #jobs = new Set<Job>();

  /** From now on the job can be cancelled. */
  begin(job: Job): void {
    this.#jobs.add(job);
  }

  end(job: Job): void {
    this.#jobs.delete(job);
  }

  /** Whether a bot is writing in a chat. */
  areWriting(chat: Chat): boolean {
    return [...this.#jobs].some((job) => job.chat === chat && job.message !== undefined);
  }

  /** Stops those that concern us, as the account's owner might from any device. */
  cancel(concerns: (job: Job) => boolean): void {
    for (const job of this.#jobs) if (concerns(job)) job.cancel();
  }

  /** Stops those whose message or chat goes. They say so where they were writing, and nothing after that. */
  remove(concerns: (job: Job) => boolean): void {
    for (const job of this.#jobs) {
      if (!concerns(job)) continue;
      job.cancel();
      job.abandon();
    }
  }

  /** Stops them all without a word. */
  abandon(): void {
    for (const job of this.#jobs) job.abandon();
  }
}
