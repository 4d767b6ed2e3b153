import type {BatchResult} from '../../../core/many/batch.js';
import {counted} from '../../../output/format/numbers.js';
import {duration} from '../../../output/format/time.js';

/** Counts the results of a batch. */
export class BatchProgress {
  readonly #total: number | undefined;
  readonly #startedAt = performance.now();
  #done = 0;
  #skipped = 0;
  #points = 0;
  #hasUnknownCost = false;
  #hasEstimate = false;
  failed = 0;

  /** @param total the number of prompts, if it is known */
  constructor(total: number | undefined) {
    this.#total = total;
  }

  /** All prompts so far, with those of earlier runs. */
  get count(): number {
    return this.#done + this.#skipped;
  }

  add({error, points, estimatedCost}: BatchResult): void {
    this.#done++;
    if (error) this.failed++;
    const cost = points.cost ?? estimatedCost;
    if (cost === null) this.#hasUnknownCost = true;
    else this.#points += cost;
    if (estimatedCost !== null) this.#hasEstimate = true;
  }

  /** Counts a prompt that has a result from an earlier run. */
  skip(): void {
    this.#skipped++;
  }

  /** "120 of 1,000 · 5.2 a second · 340 points · 2 min 49 s left" */
  text(): string {
    const elapsedMs = performance.now() - this.#startedAt;
    const perSecond = this.#done / (elapsedMs / 1000);
    const left = this.#total === undefined ? undefined : this.#total - this.count;
    return [
      this.#total === undefined ? counted(this.count) : `${counted(this.count)} of ${counted(this.#total)}`,
      `${perSecond.toFixed(1)} a second`,
      this.#cost(),
      left === undefined ? '' : `${duration((left / perSecond) * 1000)} left`,
    ]
      .filter(Boolean)
      .join(' · ');
  }

  /** "998 prompts done, 2 failed, 340 points, 3 min 12 s" */
  summary(): string {
    const parts = [
      `${counted(this.#done)} ${this.#done === 1 ? 'prompt' : 'prompts'} done`,
      this.#skipped > 0 ? `${counted(this.#skipped)} done before` : '',
      this.failed > 0 ? `${counted(this.failed)} failed` : '',
      this.#cost(),
      duration(performance.now() - this.#startedAt),
    ];
    return parts.filter(Boolean).join(', ');
  }

  #cost(): string {
    if (this.#points === 0) return this.#hasUnknownCost ? 'cost unknown' : '';
    const points = `${counted(Math.ceil(this.#points))} points`;
    if (this.#hasUnknownCost) return `at least ${points}`;
    return this.#hasEstimate ? `about ${points} (estimate)` : points;
  }
}
