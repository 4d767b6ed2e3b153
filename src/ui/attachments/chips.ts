import {bytes} from '../../output/format/file-size.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/rows/truncate.js';
import {widthOf} from '../../output/format/width.js';
import type {Attachment, Unsendable} from './attachment.js';

const hint = 'Backspace at the start removes the last one';
const maxRows = 3;

/** An attachment as it is shown: `[tea.txt 3 B]`. */
export function chip({name, size}: Pick<Attachment, 'name' | 'size'>, columns = Infinity): string {
  const end = size === undefined ? ']' : ` ${bytes(size)}]`;
  return `[${truncate(sanitizeLine(name), columns - end.length - 1)}${end}`;
}

/** Attachments in rows of limited width. */
export function chipRows(attachments: readonly Attachment[], columns: number): string[] {
  const rows: string[] = [];
  for (const attachment of attachments) {
    const text = chip(attachment, columns);
    const row = rows.at(-1);
    if (row !== undefined && widthOf(row) + 1 + widthOf(text) <= columns) rows[rows.length - 1] = `${row} ${text}`;
    else rows.push(text);
  }
  if (rows.length > maxRows)
    return [...rows.slice(0, maxRows - 1), truncate(`and more: ${attachments.length} files in all`, columns)];
  return rows;
}

/** Attachments above the prompt, and how to remove them if there is room to say it. */
export function promptChips(
  attachments: readonly Attachment[],
  columns: number,
  dim: (text: string) => string,
): string[] {
  const rows = chipRows(attachments, columns);
  const last = rows.at(-1);
  if (last === undefined) return [];
  const fits = widthOf(last) + 2 + hint.length <= columns;
  return fits ? [...rows.slice(0, -1), `${last}  ${dim(hint)}`] : rows;
}

/** Why a path cannot be sent. */
export const refusal = ({path, problem}: Unsendable): string =>
  `${truncate(sanitizeLine(path), maxPathLength)} cannot be attached (${problem})`;

/** Longer paths would hide the rest of a message. */
const maxPathLength = 60;
