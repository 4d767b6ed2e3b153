import type {Size} from '../fit.js';
import type {Graphics} from '../graphics.js';

/** Asks for kitty graphics. */
export const kittyQuery = '\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\';

/**
 * Asks a terminal for its name, the size of a cell, and its attributes. Every terminal answers the last question, so that its
 * answer marks the end.
 */
export const terminalQuery = '\u001b[>q\u001b[16t\u001b[c';

/** Asks for the status. Through tmux, its answer marks the end: tmux answers the other questions itself. */
export const statusQuery = '\u001b[5n';

export const hasAttributes = (answers: string): boolean => /\u001b\[\?[\d;]*c/.test(answers);
export const hasStatus = (answers: string): boolean => answers.includes('\u001b[0n');
export const hasKittyGraphics = (answers: string): boolean => answers.includes('\u001b_Gi=31;OK');

/** The usual proportions, for terminals that do not tell. */
export const usualCell: Size = {width: 10, height: 20};

/** What the answers to these queries say; undefined if the terminal shows no images. */
export function graphicsIn(answers: string): Graphics | undefined {
  const cell = cellIn(answers);
  if (hasKittyGraphics(answers)) return {type: 'kitty', cell: cell ?? usualCell};
  const [, name = ''] = /\u001bP>\|([^\u001b\u0007]*)/.exec(answers) ?? [];
  if (/^(?:iTerm2|WezTerm|mintty)\b/i.test(name)) return {type: 'iterm2', cell: cell ?? usualCell};
  const [, attributes = ''] = /\u001b\[\?([\d;]*)c/.exec(answers) ?? [];
  // The height of a sixel image in rows is known only with the size of a cell.
  return attributes.split(';').includes('4') && cell ? {type: 'sixel', cell} : undefined;
}

/** The size of a cell in pixels, if the terminal reports a plausible one. */
function cellIn(answers: string): Size | undefined {
  const [, height = 0, width = 0] = (/\u001b\[6;(\d{1,4});(\d{1,4})t/.exec(answers) ?? []).map(Number);
  return isPlausible({width, height}) ? {width, height} : undefined;
}

export const isPlausible = ({width, height}: Size): boolean =>
  width >= 4 && height >= 6 && width <= 100 && height <= 200;
