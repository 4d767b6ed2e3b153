import type {Connection} from '../../core/client.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {ChatState} from '../state/chat-state.js';
import {chip} from '../attachments/chips.js';
import {offersOf} from '../state/offers.js';
import {attachmentsOf, noticeOf} from '../state/view.js';

/** Prints what others see below the scrollback as lines: each once, when it has changed. */
export class ScreenReader {
  /** Whether suggested replies can be accepted with a key. */
  readonly #hasKeys: boolean;
  #notice = '';
  #offers = '';
  #costs = '';
  #attachments = '';
  #connection: Connection = 'open';

  constructor({hasKeys}: {hasKeys: boolean}) {
    this.#hasKeys = hasKeys;
  }

  /** @returns the lines that are new, or '' */
  news(state: ChatState): string {
    const notice = noticeOf(state);
    const offers = (this.#hasKeys ? offersOf(state) : []).map((offer) => `${offer}\n`).join('');
    const files = attachmentsOf(state);
    const attachments = files.map((file) => `Attached: ${chip(file)}\n`).join('');
    const {
      connection,
      points: {summary: costs},
    } = state;
    const lines = [
      connection === this.#connection ? '' : `${connections[connection]}\n`,
      notice === this.#notice || notice === '' ? '' : `${sanitizeLine(notice)}\n`,
      costs === this.#costs || costs === '' ? '' : `${costs}\n`,
      offers === this.#offers ? '' : offers,
      attachments === this.#attachments || state.activity !== 'idle' ? '' : attachments || 'No files attached\n',
    ];
    this.#attachments = attachments;
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
