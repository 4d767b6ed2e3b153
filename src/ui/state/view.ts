import {promptChips} from '../attachments/chips.js';
import type {Attachment} from '../attachments/attachment.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {menuRows, type RowsOptions} from '../menu/menu-rows.js';
import {isVisible} from '../menu/prompt-menu.js';
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
export function viewOf(state: ChatState, {columns, rows, isForScreenReader, theme}: ViewOptions): FrameContent {
  const {question, picker} = state;
  const {dim} = theme;
  const isAsking = question !== undefined || picker !== undefined;
  const view = {
    tail: state.tail,
    offers: isAsking ? [] : offersOf(state),
    notice: noticeOf(state),
    attachments: isAsking ? [] : promptChips(attachmentsOf(state), columns - 1, dim),
    menu: menuOf(state, {width: columns - 2, height: rows, theme}),
    status: statusRows(factsOf(state), columns),
    prompt: shownDraft((question ?? picker ?? state).prompt),
    mark: picker && !question ? 'Search: ' : '> ',
    dim,
  };
  return isForScreenReader ? {...view, tail: '', offers: [], notice: '', attachments: [], menu: [], status: []} : view;
}

/** The rows of the picker or the menu. A menu that has nothing to offer is not shown. */
function menuOf({question, picker, menu, prompt}: ChatState, options: RowsOptions): string[] {
  if (question) return [];
  if (picker) return menuRows(picker.list, {...options, action: 'Enter to choose'});
  return menu && isVisible(prompt, menu) ? menuRows(menu.list, {...options, action: 'Tab to complete'}) : [];
}

export function noticeOf({question, picker, isLeaving, queue, activity, notice}: ChatState): string {
  if (question) return question.text;
  if (picker) return picker.title;
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
