import {openingLines} from '../text/opening.js';
import {set} from '../state/transitions.js';
import {type ChatSession, widthOf} from './chat-session.js';

/**
 * Moves the opening lines to the scrollback, once. The price of the bot may arrive only after the chat accepts messages, so they
 * stay below the scrollback until then, or until something else happens.
 */
export function closeOpening({deps, store, theme}: Pick<ChatSession, 'deps' | 'store' | 'theme'>): void {
  const {isOpening, bot, isTemporary} = store.getSnapshot();
  if (!isOpening) return;
  store.apply(set({isOpening: false}));
  if (deps.isQuiet || deps.isDumb) return;
  const lines = openingLines(deps.account, bot, {columns: widthOf({deps}), theme, isTemporary});
  store.print(lines.map((line) => `${line}\n`).join(''));
}
