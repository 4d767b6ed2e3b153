import {sanitize} from '../terminal/sanitize.js';

/** A text for a terminal as it was written, sanitized. */
export function unformatted(text: string): string {
  const lines = sanitize(text).trimEnd();
  return lines === '' ? '' : `${lines}\n`;
}

/** What to say of a text that could not be rendered. */
export const unformattedNote = 'The text could not be formatted. It is shown as it was written.';
