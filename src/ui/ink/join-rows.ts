import {type Frame, type FramePart, frameParts} from '../screen/layout.js';

const wrapOn = '\u001b[?7h';
const wrapOff = '\u001b[?7l';

/** Marks the end of a row that is joined to the next one. Replies cannot contain these marks: sanitizing replaces them. */
const jointMark = '\u{10FFFD}';
/** Marks the end of the last row that is joined to another. */
const endMark = '\u{10FFFC}';

/** Marks the rows of a frame, from the row at `first`, to be joined by `joinRows`. */
export function markJoints(frame: Frame, first: number): Frame {
  const count = frameParts.reduce((total, part) => total + frame[part].length, 0);
  let at = 0;
  const marked = (part: FramePart) =>
    frame[part].map((row) => {
      const index = at++;
      return index < first ? row : row + (index < count - 1 ? jointMark : endMark);
    });
  // In the order of the screen.
  return {
    tail: marked('tail'),
    offers: marked('offers'),
    notice: marked('notice'),
    attachments: marked('attachments'),
    prompt: marked('prompt'),
    menu: marked('menu'),
    status: marked('status'),
    caret: frame.caret,
  };
}

/**
 * Rewrites what Ink draws so that resizing does no harm: marked rows become one line of the terminal, and the cursor never
 * leaves the frame.
 *
 * A terminal that is made narrower may rewrap rows and move the cursor wrongly, as xterm.js does with rows below the cursor. It
 * leaves the line with the cursor alone. So each row is padded to the last column and the terminal itself continues in the next
 * row. The terminal may have become narrower without a notification yet: with wrapping off it cuts rows off. It may also have
 * fewer rows, so that Ink could not go to the row below the frame.
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
/** A column beyond the last one means the last one. */
const toNextRow = `${wrapOn}\u001b[9999G  ${wrapOff}\r`;

/** Ink goes down to the end of the frame, and erases each line on the way up. */
const erasing = /(?:\u001b\[(\d+)B)?\u001b\[1?G((?:\u001b\[2K\u001b\[1A)+)\u001b\[2K\u001b\[1?G/g;
const erase = (_all: string, down: string | undefined, lines: string) =>
  `\r${upBy(lines.split('1A').length - 1 - Number(down ?? 0))}\u001b[J`;

/** Ink goes down to the end of the frame, and up again. */
const moving = /\u001b\[(\d+)B\u001b\[1?G\u001b\[(\d+)A/g;
const move = (_all: string, down: string, up: string) => `\r${upBy(Number(up) - Number(down))}`;

const upBy = (rows: number): string => (rows === 0 ? '' : rows > 0 ? `\u001b[${rows}A` : `\u001b[${-rows}B`);
