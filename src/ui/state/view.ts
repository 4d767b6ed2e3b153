import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/truncate.js';
import {shownDraft} from '../prompt/prompt-state.js';
import type {FrameContent} from '../screen/layout.js';
import {type Facts, statusRows} from '../screen/status-line.js';
import type {ChatState} from './chat-state.js';

interface ViewOptions {
  columns: number;
  isForScreenReader: boolean;
  /** The style of less important text. */
  dim: (text: string) => string;
}

/** What the state looks like. A screen reader gets the prompt only: the rest is printed as lines when it changes. */
export function viewOf(state: ChatState, {columns, isForScreenReader, dim}: ViewOptions): FrameContent {
  const prompt = state.question?.prompt ?? state.prompt;
  const view = {
    tail: state.tail,
    offers: offersOf(state),
    notice: noticeOf(state),
    status: statusRows(factsOf(state), columns),
    prompt: shownDraft(prompt),
    mark: markOf(prompt.search, columns),
    dim,
  };
  return isForScreenReader ? {...view, tail: '', offers: [], notice: '', status: []} : view;
}

/** The suggested replies that can be accepted now. */
export const suggestionsOf = ({activity, suggestions}: ChatState): readonly string[] =>
  activity === 'idle' ? suggestions : [];

export const offersOf = (state: ChatState): string[] =>
  suggestionsOf(state).map((text, index) => `Alt+${index + 1}  ${sanitizeLine(text)}`);

export function noticeOf({question, isLeaving, queue, notice}: ChatState): string {
  if (question) return question.text;
  if (isLeaving) return 'Press Ctrl+C again to exit';
  return queue.length > 0 ? `Queued: ${sanitizeLine(queue.join(' · '))} (Esc to edit)` : notice;
}

export const factsOf = ({bot, isStarting, chat, points, files, activity, connection}: ChatState): Facts => ({
  bot: bot?.handle,
  isStarting,
  title: chat?.title ?? null,
  price: bot?.price ?? null,
  lastCost: points.lastCost,
  balance: points.balance,
  files: files.length,
  isRunning: activity !== 'idle',
  connection,
});

const markOf = (search: string | undefined, columns: number): string =>
  search === undefined ? '> ' : `(search: ${truncate(sanitizeLine(search), Math.floor(columns / 2))}) `;
