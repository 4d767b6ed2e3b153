import {sanitize} from '../../terminal/sanitize.js';
import {type RenderedParts, rewrittenMark} from './streaming-markdown.js';
import {unformatted} from '../unformatted.js';

/**
 * Splits a growing text that is not Markdown into complete lines, which are returned once, and the last one. If the bot
 * replaces lines that are already committed, a mark is returned and the new text follows completely.
 */
export class StreamingPlainText {
  #committed = '';
  readonly #color: boolean;

  constructor({color}: {color: boolean}) {
    this.#color = color;
  }

  /** @param text the whole text so far */
  update(text: string): RenderedParts {
    const mark = this.#restart(text);
    const rest = text.slice(this.#committed.length);
    const complete = rest.slice(0, rest.trimEnd().lastIndexOf('\n') + 1);
    this.#committed += complete;
    return {committed: mark + sanitize(complete), pending: unformatted(rest.slice(complete.length))};
  }

  /** @param text the whole text @returns all lines that are not committed */
  finish(text: string): string {
    const {committed, pending} = this.update(text);
    return committed + pending;
  }

  #restart(text: string): string {
    if (text.startsWith(this.#committed)) return '';
    this.#committed = '';
    return `${rewrittenMark(this.#color)}\n`;
  }
}
