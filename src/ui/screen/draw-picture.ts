import {Pen} from './pen.js';
import type {Picture} from './reflow.js';

/**
 * Draws a picture at the cursor, and moves the cursor to the caret.
 *
 * A terminal that is made narrower may rewrap rows and move the cursor wrongly, as xterm.js does with rows below the cursor. It
 * leaves the line with the cursor alone. So these rows are joined to one line: each is padded to the last column and the terminal
 * itself continues in the next row.
 * @param isJoined whether the rows above the caret are joined, too
 */
export function drawPicture({rows, caret}: Picture, isJoined: boolean): string {
  const pen = new Pen(0);
  for (const [index, row] of rows.entries()) {
    if (index > 0 && (isJoined || index > caret.y)) pen.join();
    else if (index > 0) pen.nextRow();
    pen.write(row);
  }
  return pen.toRow(caret.y).toColumn(caret.x).text;
}
