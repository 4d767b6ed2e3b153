import {setTimeout} from 'node:timers/promises';
import type {Chat} from '../../core/model.js';
import type {ReplySink} from '../../output/reply/reply-renderer.js';
import type {MessageImages} from '../../output/images/image-viewer.js';
import type {ChatDeps} from '../chat-deps.js';
import {errorLines} from '../hints.js';
import type {PickOptions} from '../menu/picker-state.js';
import type {ChatStore} from '../state/store.js';
import {set} from '../state/transitions.js';
import type {Theme} from '../theme.js';

/** What the parts of a running chat share. */
export interface ChatSession {
  deps: ChatDeps;
  store: ChatStore;
  images: MessageImages | undefined;
  theme: Theme;
  /** Asks a question above the prompt. @returns undefined if it is dismissed */
  ask(question: string): Promise<string | undefined>;
  /** Has the user choose from a list, which may be a numbered one. @returns the value of the entry; undefined if none is chosen */
  pick(options: PickOptions): Promise<string | undefined>;
  /** Opens the draft in the user's editor. */
  edit(): void;
  /** Ends the chat. */
  leave(): void;
  /** Notifies the user that a reply is complete. */
  notify(bot: string, tookMs: number): void;
}

/** The width of the terminal, in columns. */
export const widthOf = ({deps}: Pick<ChatSession, 'deps'>): number => deps.terminal.stdout.columns || 80;

/** The name of a chat for commands. */
export const nameOf = ({chatCode, chatId}: Chat): string => chatCode ?? String(chatId);

/** Waits for something that never fails, but not longer than this. */
export const within = (ms: number, work: Promise<void>): Promise<void> =>
  Promise.race([work, setTimeout(ms, undefined, {ref: false})]);

/** Prints an error, unless the user caused it by interrupting and nothing goes on. */
export function printError({deps, store, theme}: Pick<ChatSession, 'deps' | 'store' | 'theme'>, error: unknown): void {
  const failure = deps.toError(error);
  if (failure.code !== 'interrupted' || failure.facts.remedy)
    store.print(errorLines(failure, {theme, columns: widthOf({deps})}));
}

/** Draws a reply: finished lines into the scrollback, the rest below them. */
export const replySink = (session: ChatSession): ReplySink => ({
  // The unfinished rest is drawn one column narrower than the terminal.
  get width() {
    return widthOf(session) - 1;
  },
  draw(committed, pending) {
    session.store.apply(set({tail: pending}));
    session.store.print(committed);
  },
});
