import type {Cost} from '../../state/chat-state.js';
import type {ReplyFooter} from '../../state/chat-state.js';
import {set} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';
import {replyFooter} from '../../text/transcript-lines.js';

type Session = Pick<ChatSession, 'deps' | 'store' | 'theme'>;

/**
 * Shows how long a reply took. Poe may tell the cost only later, so the line stays below the scrollback until then, or until
 * something else happens.
 */
export function openFooter({deps, store}: Session, tookMs: number): ReplyFooter {
  const footer = {tookMs};
  // Screen readers get a line with all costs.
  if (!deps.isQuiet && !deps.isForScreenReader && !deps.isDumb) store.apply(set({footer}));
  return footer;
}

/** Moves the line to the scrollback. @param footer that of the reply; by default the current one */
export function closeFooter({store, theme}: Session, cost: Cost | null, footer?: ReplyFooter): void {
  const {footer: current} = store.getSnapshot();
  if (!current || (footer && footer !== current)) return;
  store.apply(set({footer: undefined}));
  store.print(`${replyFooter(cost, current.tookMs, theme)}\n\n`);
}
