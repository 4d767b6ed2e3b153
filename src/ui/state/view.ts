import {promptChips} from '../attachments/chips.js';
import type {Attachment} from '../attachments/attachment.js';
import {sanitize, sanitizeLine} from '../../output/terminal/sanitize.js';
import {wrapLine} from '../../output/terminal/rows/wrap.js';
import {menuRows, type RowsOptions} from '../menu/menu-rows.js';
import {isVisible} from '../menu/prompt-menu.js';
import {shownDraft} from '../prompt/prompt-state.js';
import type {FrameContent} from '../screen/layout.js';
import {replyFooter} from '../text/transcript-lines.js';
import {openingLines} from '../text/opening.js';
import {progressRow} from '../text/progress-row.js';
import {type Facts, statusRow} from '../text/status-line.js';
import type {Theme} from '../theme.js';
import type {ChatState} from './chat-state.js';
import {offersOf} from './offers.js';

interface ViewOptions {
  columns: number;
  /** The height of the terminal. */
  rows: number;
  isForScreenReader: boolean;
  /** Whose points are spent; undefined if there are no opening lines. */
  account: string | undefined;
  theme: Theme;
}

/** What the state looks like. A screen reader gets the prompt only: the rest is printed as lines when it changes. */
export function viewOf(
  state: ChatState,
  {columns, rows, isForScreenReader, account, theme}: ViewOptions,
): FrameContent {
  const {question, picker} = state;
  const isAsking = question !== undefined || picker !== undefined;
  const view = {
    header:
      state.isOpening && account !== undefined
        ? openingLines(account, state.bot, {columns, theme, isTemporary: state.isTemporary})
        : [],
    tail: tailOf(state, {columns, theme}),
    progress: [progressRow(state, {columns, theme})].filter((row) => row !== ''),
    offers: isAsking ? [] : offersOf(state),
    notice: noticeOf(state),
    noticeStyle: isAsking ? theme.text : isProblem(state) ? theme.error : undefined,
    attachments: isAsking ? [] : promptChips(attachmentsOf(state), columns - 1, theme.dim),
    menu: menuOf(state, {width: columns - 2, height: rows, theme}),
    status: [statusRow(factsOf(state), columns, theme)],
    prompt: shownDraft((question ?? picker ?? state).prompt),
    mark: picker && !question ? 'Search: ' : '> ',
    placeholder: isAsking ? '' : placeholderOf(theme),
    hasRules: !isForScreenReader,
    theme,
  };
  return isForScreenReader
    ? {
        ...view,
        header: [],
        tail: '',
        progress: [],
        offers: [],
        notice: '',
        attachments: [],
        placeholder: '',
        menu: [],
        status: [],
      }
    : view;
}

/** The rows of the picker or the menu. A menu that has nothing to offer is not shown. */
function menuOf({question, picker, menu, prompt}: ChatState, options: RowsOptions): string[] {
  if (question) return [];
  if (picker) {
    const canChoose = picker.list.matches.length > 0 || picker.acceptsText === true;
    return menuRows(picker.list, {...options, action: canChoose ? (picker.action ?? 'Enter to choose') : ''});
  }
  return menu && isVisible(prompt, menu) ? menuRows(menu.list, {...options, action: 'Tab to complete'}) : [];
}

export function noticeOf({question, picker, isLeaving, isEscaped, queue, activity, notice}: ChatState): string {
  if (question) return question.text;
  if (picker) return picker.title;
  if (isLeaving) return 'Press Ctrl+C again to exit';
  if (isEscaped) return 'Press Esc again to edit an earlier question';
  if (queue.length === 0) return notice;
  const keys = activity === 'idle' ? 'Enter to send, Esc to edit' : 'Esc to edit';
  return `Queued: ${queue.map(({text}) => sanitizeLine(text)).join(' · ')} (${keys})`;
}

/** Whether the notice that is shown tells what went wrong. */
const isProblem = (state: ChatState): boolean => state.isProblem && noticeOf(state) === state.notice;

/** All files that are sent with the next message. */
export const attachmentsOf = ({files, mentioned}: ChatState): Attachment[] => [...files, ...mentioned];

export const factsOf = ({
  bot,
  isStarting,
  chat,
  isTemporary,
  points,
  files,
  mentioned,
  activity,
  progress,
  connection,
  vi,
}: ChatState): Facts => ({
  bot: bot?.handle,
  isStarting,
  title: chat?.title ?? null,
  isTemporary,
  price: bot?.price ?? null,
  rates: bot?.rates ?? null,
  lastCost: points.lastCost,
  cachedTokens: points.cachedTokens,
  balance: points.balance,
  files: files.length + mentioned.length,
  isRunning: activity !== 'idle' && !progress,
  mode: vi ? `${vi.mode.toUpperCase()} ${vi.pending}`.trim() : '',
  connection,
});

/** The end of the reply or, while the bot is thinking, of its reasoning if the user wants to see it. */
function tailOf(
  {tail, reasoning, footer}: ChatState,
  {columns, theme}: Pick<ViewOptions, 'columns' | 'theme'>,
): string {
  if (footer) return `${replyFooter(null, footer.tookMs, theme)}\n`;
  if (!reasoning?.isExpanded || reasoning.tookMs !== undefined) return tail;
  const end = sanitize(reasoning.text.slice(-maxShownReasoning)).trimEnd().split('\n');
  return end.flatMap((line) => wrapLine(line, columns - 1).map((row) => `${theme.dim(row)}\n`)).join('');
}

/** More than fits on a screen. */
const maxShownReasoning = 4000;

/** Without color it would look like typed text. */
function placeholderOf(theme: Theme): string {
  const text = 'Type a message';
  return theme.dim(text) === text ? '' : text;
}
