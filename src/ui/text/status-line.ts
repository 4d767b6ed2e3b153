import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/rows/truncate.js';
import type {Connection} from '../../core/client.js';
import {points} from '../../output/format/numbers.js';
import type {Cost} from '../state/chat-state.js';
import type {Style, Theme} from '../theme.js';

/** What the status bar shows. */
export interface Facts {
  /** Undefined until the bot is known. */
  bot: string | undefined;
  isStarting: boolean;
  title: string | null;
  /** Whether the chat is not stored. */
  isTemporary?: boolean;
  /** Points that the next message costs; null if unknown. */
  price: number | null;
  /** Points per 1,000 tokens, for bots without a price per message. */
  rates?: string | null;
  lastCost: Cost | null;
  /** Tokens of the last prompt that came from a cache, which cost less. */
  cachedTokens?: number | null;
  /** Points left; null if unknown. */
  balance: number | null;
  files: number;
  /** Whether something is in progress that is not shown elsewhere. */
  isRunning: boolean;
  /** The mode of vi's keys; '' without them. */
  mode?: string;
  connection: Connection;
}

/** A title that is cut off shows at least this many columns. */
const shortTitle = 12;
/** Wider than any terminal. */
const longestTitle = 1000;
const gap = 2;
const separator = ' · ';
/** Columns that stay free at the right. */
const margin = 2;

/**
 * One row: the bot and the chat at the left, the costs at the right. On a narrow terminal the costs become bare numbers, then
 * the title is cut off, and the cost of the last message, the title and the price are left out. The cost of the last message is
 * also below its reply, but nothing else tells what the next one costs.
 */
export function statusRow(facts: Facts, columns: number, theme: Theme): string {
  const width = columns - margin;
  const {subject, title, files} = subjectOf(facts);
  for (const [costs, hasTitle] of costVariants(facts)) {
    const rest = joined([subject, files, costs.spent, costs.left]);
    const room = width - gap - widthOf(rest) - (hasTitle ? 0 : -separator.length);
    if (room < (hasTitle ? Math.min(widthOf(title), shortTitle) : 0)) continue;
    const shownTitle = hasTitle ? truncate(title, room) : '';
    return row(joined([subject, shownTitle, files]), costs, {facts, width, theme});
  }
  const {left} = costsOf(facts, bare);
  const room = width - gap - widthOf(left);
  if (room < shortTitle) return row(truncate(subject, width), {spent: '', left: ''}, {facts, width, theme});
  return row(truncate(joined([subject, files]), room), {spent: '', left}, {facts, width, theme});
}

interface RowOptions {
  facts: Facts;
  width: number;
  theme: Theme;
}

function row(subject: string, {spent, left}: Costs, {facts, width, theme}: RowOptions): string {
  const subjectStyle = facts.connection === 'open' ? theme.dim : theme.warning;
  const costWidth = widthOf(joined([spent, left]));
  if (costWidth === 0) return subjectStyle(subject);
  const space = ' '.repeat(Math.max(gap, width - widthOf(subject) - costWidth));
  const between = spent === '' || left === '' ? '' : separator;
  return `${subjectStyle(subject)}${space}${theme.dim(spent + between)}${balanceStyle(facts, theme)(left)}`;
}

/** Points are low if they pay for fewer than ten messages or, if the price is unknown, if there are fewer than 100. */
function balanceStyle({balance, price}: Pick<Facts, 'balance' | 'price'>, theme: Theme): Style {
  if (balance === null) return theme.dim;
  if (balance < (price ?? 1)) return theme.error;
  return balance < 10 * (price ?? 10) ? theme.warning : theme.dim;
}

/** The price, the last cost and the balance as one line, for screen readers. */
export function costLine(facts: Facts): string {
  const {spent, left} = costsOf(facts, points);
  return joined([spent, left]);
}

function subjectOf({mode = '', bot, isStarting, title, isTemporary = false, connection, files, isRunning}: Facts) {
  const name = bot === undefined ? (isStarting ? 'connecting…' : 'no bot: /bot') : sanitizeLine(bot);
  return {
    subject: joined([mode, troubles[connection], name]),
    title: isTemporary ? 'temporary chat' : title ? sanitizeLine(title.slice(0, longestTitle)) : 'new chat',
    files: joined([files === 0 ? '' : `${files} ${files === 1 ? 'file' : 'files'}`, isRunning ? 'Esc to stop' : '']),
  };
}

const troubles: Record<Connection, string> = {
  open: '',
  reconnecting: 'connection lost, reconnecting…',
  lost: 'no connection',
};

interface Costs {
  /** What the next message will cost and the last one did. */
  spent: string;
  /** The points left. */
  left: string;
}

/** The costs, from all of them to the balance only, and whether the title is shown. */
const costVariants = (all: Facts): (readonly [costs: Costs, hasTitle: boolean])[] => {
  const facts = {...all, cachedTokens: null};
  const next = {...facts, lastCost: null};
  const unpriced = {price: null, rates: null};
  return [
    [costsOf(all, points), true],
    [costsOf(facts, points), true],
    [costsOf(facts, bare), true],
    [costsOf(next, bare), true],
    [costsOf(facts, bare), false],
    [costsOf(next, bare), false],
    [costsOf({...facts, ...unpriced}, bare), true],
    [costsOf({...facts, ...unpriced}, bare), false],
    [costsOf({...next, ...unpriced}, bare), true],
  ];
};

const costsOf = ({price, rates, lastCost, cachedTokens, balance}: Facts, words: (count: number) => string): Costs => ({
  spent: joined([
    price === null
      ? rates
        ? `${rates} ${words === bare ? 'per 1k' : 'points per 1k tokens'}`
        : ''
      : `${words(price)} per message`,
    lastCost === null ? '' : `last: ${lastCost.isEstimate ? 'about ' : ''}${words(lastCost.points)}`,
    cachedTokens ? `${bare(cachedTokens)} tokens cached` : '',
  ]),
  left: balance === null ? '' : `${words(balance)} left`,
});

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(separator);
const bare = (count: number): string => count.toLocaleString('en-US');
