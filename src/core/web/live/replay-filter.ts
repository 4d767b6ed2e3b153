import {type Id, isGreaterId, parseId} from '../../names/id.js';

/** Recognizes frames that arrive again after a reconnect, by their positions in the channel. */
export class ReplayFilter {
  #position: string;
  /** The position at the last disconnect: frames up to here have been seen. */
  #seenUpTo: Id = -1;
  /** The position of the last frame on this connection. */
  #last: Id = -1;
  /** Positions that do not increase do not show which frames were seen. */
  #isIncreasing = true;

  /** @param position where the channel starts */
  constructor(position: string) {
    this.#position = position;
  }

  /** The position to continue from (`min_seq`). */
  get position(): string {
    return this.#position;
  }

  /** Starts a connection. */
  connect(): void {
    this.#last = -1;
  }

  disconnect(): void {
    this.#seenUpTo = parseId(this.#position) ?? -1;
  }

  /** Whether a frame at this position is new. */
  accepts(position: Id | undefined): boolean {
    if (position === undefined) return true;
    this.#isIncreasing &&= isGreaterId(position, this.#last);
    this.#last = position;
    if (this.#isIncreasing && !isGreaterId(position, this.#seenUpTo)) return false;
    this.#position = String(position);
    return true;
  }
}
