import type {Reply} from '../../core/reply.js';
import type {Host} from '../chat-deps.js';
import type {Cost} from '../screen/status-line.js';

/** What messages cost, and what is left for them, as far as Poe tells. */
export class Points {
  readonly #host: Pick<Host, 'balance'>;
  lastCost: Cost | null = null;
  balance: number | null = null;

  constructor(host: Pick<Host, 'balance'>) {
    this.#host = host;
  }

  async count(): Promise<void> {
    this.balance = await this.#host.balance().catch(() => null);
  }

  /** Asks what a reply has cost, and what is left after it. */
  async charge(reply: Reply): Promise<void> {
    const {points, isEstimate} = await reply.cost().catch(() => ({points: null, isEstimate: false}));
    this.lastCost = points === null ? null : {points, isGuess: isEstimate};
    await this.count();
  }
}
