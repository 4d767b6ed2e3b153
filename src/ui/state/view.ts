import {promptChips} from '../attachments/chips.js';
import type {Attachment} from '../attachments/attachment.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/truncate.js';
import {shownDraft} from '../prompt/prompt-state.js';
import type {FrameContent} from '../screen/layout.js';
import {type Facts, statusRows} from '../screen/status-line.js';
import type {Theme} from '../theme.js';
import type {ChatState} from './chat-state.js';
import {offersOf} from './offers.js';

interface ViewOptions {
  columns: number;
  /** The height of the terminal. */
  rows: number;
  isForScreenReader: boolean;
  theme: Theme;
}

/** What the state looks like. A screen reader gets the prompt only: the rest is printed as lines when it changes. */
export function viewOf(state: ChatState, {columns, isForScreenReader, theme: {dim}}: ViewOptions): FrameContent {
  const prompt = state.question?.prompt ?? state.prompt;
  const view = {
    tail: state.tail,
    offers: offersOf(state),
    notice: noticeOf(state),
    attachments: state.question ? [] : promptChips(attachmentsOf(state), columns - 1, dim),
    menu: [],
    status: statusRows(factsOf(state), columns),
    prompt: shownDraft(prompt),
    mark: markOf(prompt.search?.text, columns),
    dim,
  };
  return isForScreenReader ? {...view, tail: '', offers: [], notice: '', attachments: [], menu: [], status: []} : view;
}

export function noticeOf({question, isLeaving, queue, activity, notice}: ChatState): string {
  if (question) return question.text;
  if (isLeaving) return 'Press Ctrl+C again to exit';
  if (queue.length === 0) return notice;
  const keys = activity === 'idle' ? 'Enter to send, Esc to edit' : 'Esc to edit';
  return `Queued: ${queue.map(({text}) => sanitizeLine(text)).join(' · ')} (${keys})`;
}

/** All files that are sent with the next message. */
export const attachmentsOf = ({files, mentioned}: ChatState): Attachment[] => [...files, ...mentioned];

export const factsOf = ({
  bot,
  isStarting,
  chat,
  points,
  files,
  mentioned,
  activity,
  connection,
  vi,
}: ChatState): Facts => ({
  bot: bot?.handle,
  isStarting,
  title: chat?.title ?? null,
  price: bot?.price ?? null,
  lastCost: points.lastCost,
  balance: points.balance,
  files: files.length + mentioned.length,
  isRunning: activity !== 'idle',
  mode: vi ? `${vi.mode.toUpperCase()} ${vi.pending}`.trim() : '',
  connection,
});

const markOf = (search: string | undefined, columns: number): string =>
  search === undefined ? '> ' : `(search: ${truncate(sanitizeLine(search), Math.floor(columns / 2))}) `;
