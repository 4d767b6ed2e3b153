const wrapOn = '\u001b[?7h';
const wrapOff = '\u001b[?7l';

/** Stands at the end of a row that is joined to the next. */
export const jointMark = '\u{10FFFD}';
/** Stands at the end of the last row of those. */
export const endMark = '\u{10FFFC}';

/**
 * What Ink writes, as it is to be drawn: rows are joined, so that they are one line to the terminal, and the cursor goes from
 * where it is.
 *
 * A terminal that is made narrower may break rows anew and move the cursor wrongly, as xterm.js does for rows below it; but the
 * line that the cursor is in, it leaves alone. So a row is written to the last column, as far as the terminal is wide by now,
 * and the terminal itself goes on to the next; and the cursor never leaves the frame. One that has become narrower, which nobody may have told yet, cuts rows off and
 * does not break them. And one that has become lower may have no rows below the cursor any more through which Ink could go.
 */
export function joinRows(text: string): string {
  const drawn = text.replace(erasing, erase).replace(moving, move);
  if (!drawn.includes(endMark)) return drawn;
  return (
    wrapOff + drawn.replaceAll(joint, toNextRow).replace(ending, (_all, up: string) => wrapOn + upBy(Number(up) - 1))
  );
}

const joint = `${jointMark}\n`;
/** Ink goes to the row below the frame, and up from there. */
const ending = new RegExp(`${endMark}\\n\\u001b\\[(\\d+)A`, 'u');
/** Where there are fewer columns, as on any screen, the terminal goes to its last one. */
const toNextRow = `${wrapOn}\u001b[9999G  ${wrapOff}\r`;

/** Down to the end of the frame, and each of its lines erased on the way up. */
const erasing = /(?:\u001b\[(\d+)B)?\u001b\[1?G((?:\u001b\[2K\u001b\[1A)+)\u001b\[2K\u001b\[1?G/g;
const erase = (_all: string, down: string | undefined, lines: string) =>
  `\r${upBy(lines.split('1A').length - 1 - Number(down ?? 0))}\u001b[J`;

/** Down to the end of the frame, and up again. */
const moving = /\u001b\[(\d+)B\u001b\[1?G\u001b\[(\d+)A/g;
const move = (_all: string, down: string, up: string) => `\r${upBy(Number(up) - Number(down))}`;

const upBy = (rows: number): string => (rows === 0 ? '' : rows > 0 ? `\u001b[${rows}A` : `\u001b[${-rows}B`);
