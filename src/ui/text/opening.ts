import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {ChatBot} from '../chat-deps.js';
import type {Theme} from '../theme.js';
import {botPrice} from './bot-price.js';
import {fitParts} from './fit-parts.js';

const tips = ['/ for commands', '@ for files', '/bot to switch'];

/**
 * The lines at the top of a chat, with an empty one below them.
 * @param account whose points are spent: the profile, the kind of login, or the sandbox
 * @param bot undefined until it is known
 */
export function openingLines(
  account: string,
  bot: ChatBot | undefined,
  {columns, theme, isTemporary = false}: LineOptions & {isTemporary?: boolean},
): string[] {
  const name = 'poe';
  const price = bot ? botPrice(bot) : '';
  const kind = isTemporary ? 'temporary chat' : '';
  const facts = fitParts([name, sanitizeLine(account), sanitizeLine(bot?.handle ?? ''), price, kind], columns - 1);
  return [theme.accent(name) + facts.slice(name.length), theme.dim(fitParts(tips, columns - 1)), ''];
}

export interface LineOptions {
  /** The width of the terminal. */
  columns: number;
  theme: Theme;
}
