import type {Connection} from '../../core/client.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {ChatState} from '../state/chat-state.js';
import {noticeOf, offersOf} from '../state/view.js';

/** Prints what others see below the scrollback as lines: each once, when it has changed. */
export class ScreenReader {
  #notice = '';
  #offers = '';
  #costs = '';
  #connection: Connection = 'open';

  /** @returns the lines that are new, or '' */
  news(state: ChatState): string {
    const notice = noticeOf(state);
    const offers = offersOf(state)
      .map((offer) => `${offer}\n`)
      .join('');
    const {
      connection,
      points: {summary: costs},
    } = state;
    const lines = [
      connection === this.#connection ? '' : `${connections[connection]}\n`,
      notice === this.#notice || notice === '' ? '' : `${sanitizeLine(notice)}\n`,
      costs === this.#costs || costs === '' ? '' : `${costs}\n`,
      offers === this.#offers ? '' : offers,
    ];
    this.#costs = costs;
    this.#connection = connection;
    this.#notice = notice;
    this.#offers = offers;
    return lines.join('');
  }
}

const connections: Record<Connection, string> = {
  open: 'Reconnected',
  reconnecting: 'Connection lost, reconnecting…',
  lost: 'No connection',
};
