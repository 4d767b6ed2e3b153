import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {ChatState} from '../state/chat-state.js';
import {fitParts} from './fit-parts.js';
import type {LineOptions} from './opening.js';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** The time between two frames of the spinner. */
export const spinnerMs = 100;

/** What the bot or a command does, for how long, and which keys apply. @returns '' if nothing is in progress */
export function progressRow(state: ChatState, {columns, theme}: LineOptions): string {
  const {progress, activity, reasoning, video} = state;
  if (!progress) return '';
  const {elapsedMs} = progress;
  const name = sanitizeLine(progress.command ?? state.bot?.handle ?? 'poe');
  const time = `${Math.floor(elapsedMs / 1000)} s`;
  const isThinking = reasoning !== undefined && reasoning.tookMs === undefined;
  const what =
    activity === 'stopping'
      ? 'Stopping…'
      : isThinking
        ? `${name} is thinking`
        : video === undefined
          ? name
          : `${name} is ${video}`;
  const keys = [
    activity === 'stopping' ? '' : 'Esc to stop',
    isThinking ? `Ctrl+O to ${reasoning.isExpanded ? 'fold' : 'expand'}` : '',
  ];
  const row = fitParts([what, time, ...keys], columns - 3);
  const mark = spinner[Math.floor(elapsedMs / spinnerMs) % spinner.length] ?? '';
  return `${theme.accent(mark)} ${row.slice(0, what.length)}${theme.dim(row.slice(what.length))}`;
}
