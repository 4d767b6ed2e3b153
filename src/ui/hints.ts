import type {ChalkInstance} from 'chalk';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/** What each remedy is in the chat: a slash command or a key. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  choose_bot: () => 'Choose another bot with /bot.',
  attach: () => 'Get the rest with: /attach',
  retry_reply: () => 'Ask again with: /retry',
  raise_timeout: () => 'Try again, or restart the chat with a longer --timeout.',
  log_in: ({needs}) =>
    `Log in in another terminal with: poe login${needs === 'api' ? ' --api-key' : ''}. Then press Enter here, or type /retry.`,
  start_web_chat: () => 'Chats on poe.com require a browser session: poe login, then poe chat --via web',
  export_chat: () => 'To share it, export it with: /export',
  clear_context: () => 'To send less of it, clear its context: /clear-context',
  remove_point_limit: () => 'Send it without a point limit.',
  interrupt: () => 'Press Esc while the reply arrives.',
};

/** The next step to show under an error in the chat. */
function chatHint({hint, facts}: Pick<PoeError, 'hint' | 'facts'>): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  return [hint, remedy].filter(Boolean).join(' ') || undefined;
}

/** An error as the chat prints it. */
export function errorLine(paint: ChalkInstance, error: PoeError): string {
  const hint = chatHint(error);
  const shown = hint === undefined ? '' : ` ${paint.dim(sanitizeLine(hint))}`;
  return `${paint.red(sanitizeLine(error.message))}.${shown}\n\n`;
}
