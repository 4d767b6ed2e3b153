import {duration} from '../../output/format/time.js';
import {points} from '../../output/format/numbers.js';
import {sanitize, sanitizeLine} from '../../output/terminal/sanitize.js';
import {wrapLine} from '../../output/terminal/rows/wrap.js';
import {type Attachment} from '../attachments/attachment.js';
import {chipRows} from '../attachments/chips.js';
import type {ChatBot} from '../chat-deps.js';
import {botPrice} from './bot-price.js';
import {fitParts} from './fit-parts.js';
import type {LineOptions} from './opening.js';
import type {Cost} from '../state/chat-state.js';
import type {Theme} from '../theme.js';

/** Longer lines are hard to read. */
const maxColumns = 100;

/** A question, with a mark before its first line only, so that copying it yields its text. Its files are below it. */
export function questionLines(text: string, files: readonly Attachment[], {columns, theme}: LineOptions): string {
  const width = Math.min(columns - 1, maxColumns);
  const [first = '', ...rows] = shortened(sanitize(text))
    .split('\n')
    .flatMap((line, index) => wrapLine(index === 0 ? `> ${line}` : line, width));
  const marked = theme.accent('>') + theme.text(first.slice(1));
  const chips = chipRows(files, width).map((row) => theme.dim(row));
  return [marked, ...rows.map((row) => theme.text(row)), ...chips].map((row) => `${row}\n`).join('');
}

/** A note in the transcript, wrapped at words. */
export const noteLines = (text: string, {columns, theme}: LineOptions): string =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(sanitizeLine(line), Math.min(columns - 1, maxColumns)))
    .map((row) => `${theme.dim(row.trimStart())}\n`)
    .join('');

/** Notes below a reply. */
export const notesBelow = (notes: readonly string[], options: LineOptions): string =>
  notes.map((note) => noteLines(sanitizeLine(note), options)).join('');

/** Above a reply: who wrote it. */
export const replyHeader = (bot: string, theme: Theme): string => `${theme.accent(theme.text(sanitizeLine(bot)))}\n`;

/** Below a reply: what it cost, if that is known, and how long it took. */
export function replyFooter(cost: Cost | null, tookMs: number, theme: Theme): string {
  const price = cost === null ? [] : [`${cost.isEstimate ? 'about ' : ''}${points(cost.points)}`];
  return theme.dim([...price, duration(tookMs)].join(' · '));
}

/** In place of the reasoning, or above it. */
export const thoughtLine = (tookMs: number, theme: Theme, {isExpanded = false} = {}): string =>
  theme.dim(`Thought for ${duration(Math.max(tookMs, 100))}${isExpanded ? '' : ' · Ctrl+O to expand'}`);

/** The user has switched to another bot. */
export function switchedLine(bot: ChatBot, {columns, theme}: LineOptions): string {
  const start = 'Switched to ';
  const name = sanitizeLine(bot.handle);
  const line = fitParts([start + name, botPrice(bot)], columns - 1);
  const end = start.length + name.length;
  return theme.dim(start) + theme.accent(line.slice(start.length, end)) + theme.dim(line.slice(end));
}

/** A sent message as it is printed above its reply: only the start of a long text. */
function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 20) return text;
  return [...lines.slice(0, 5), `[${(lines.length - 5).toLocaleString('en-US')} more lines]`].join('\n');
}
