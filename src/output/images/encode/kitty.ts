import type {Room} from '../fit.js';

/** The longest piece of base64 in one sequence. */
const pieceLength = 4096;

/** An image at the cursor, which does not move, by the kitty graphics protocol. */
export const kittyImage = (png: Uint8Array, {columns, rows}: Room): string =>
  sequences(png, `a=T,f=100,q=2,C=1,c=${columns},r=${rows}`).join('');

/**
 * The same inside tmux: the image is passed on to the terminal, and shown where characters of its own stand for it, which tmux
 * scrolls and clips like any others.
 * @param id of the image: 24 bits, not 0
 */
export function kittyPlaceholders(png: Uint8Array, {columns, rows}: Room, id: number): string {
  const image = sequences(png, `a=T,U=1,f=100,q=2,i=${id},c=${columns},r=${rows}`).map(throughTmux).join('');
  const color = `\u001b[38;2;${id >> 16};${(id >> 8) & 255};${id & 255}m`;
  const lines = rowMarks
    .slice(0, rows)
    .map((mark) => `${color}${placeholder}${mark}${firstColumn}${placeholder.repeat(columns - 1)}\u001b[39m\n`);
  return image + lines.join('');
}

/** Has tmux pass a sequence on to its terminal. */
export const throughTmux = (sequence: string): string =>
  `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;

function sequences(png: Uint8Array, keys: string): string[] {
  const pieces =
    Buffer.from(png)
      .toString('base64')
      .match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? [];
  return pieces.map((piece, index) => {
    const more = index < pieces.length - 1 ? 1 : 0;
    return `\u001b_G${index === 0 ? `${keys},` : 'q=2,'}m=${more};${piece}\u001b\\`;
  });
}

const placeholder = '\u{10EEEE}';

/** The accents that mean the first rows of an image. The first one also means its first column. */
const rowMarks = Array.from(
  '\u0305\u030D\u030E\u0310\u0312\u033D\u033E\u033F\u0346\u034A\u034B\u034C\u0350\u0351\u0352\u0357\u035B\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036A\u036B\u036C\u036D\u036E\u036F',
);
const firstColumn = '\u0305';

/** The most rows of an image that can be marked. */
export const maxPlaceholderRows = rowMarks.length;
