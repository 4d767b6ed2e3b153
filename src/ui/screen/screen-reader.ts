import type {Connection} from '../../core/connection.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {View} from '../conversation/view.js';

/** What others see at the bottom of the terminal, told as lines that stand for good: each once, when it has changed. */
export class ScreenReader {
  #notice = '';
  #offers = '';
  #costs = '';
  #connection: Connection = 'open';

  /** @returns what is new, or '' */
  news({notice, offers, costs, connection}: Pick<View, 'notice' | 'offers' | 'costs' | 'connection'>): string {
    const offered = offers.map((offer) => `${sanitizeLine(offer)}\n`).join('');
    const told = [
      connection === this.#connection ? '' : `${connections[connection]}\n`,
      notice === this.#notice || notice === '' ? '' : `${sanitizeLine(notice)}\n`,
      costs === this.#costs || costs === '' ? '' : `${costs}\n`,
      offered === this.#offers ? '' : offered,
    ];
    this.#costs = costs;
    this.#connection = connection;
    this.#notice = notice;
    this.#offers = offered;
    return told.join('');
  }
}

const connections: Record<Connection, string> = {
  open: 'Reconnected',
  reconnecting: 'Connection lost, reconnecting…',
  lost: 'No connection',
};
