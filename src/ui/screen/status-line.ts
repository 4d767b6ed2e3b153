import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {Connection} from '../../core/connection.js';
import {points} from '../../output/format/numbers.js';

/** Points that a message cost; with an API key it is the most likely spending on the same bot. */
export interface Cost {
  points: number;
  isGuess: boolean;
}

/** What is always in sight. */
export interface Facts {
  /** Undefined where nobody is talked to yet. */
  bot: string | undefined;
  isStarting: boolean;
  title: string | null;
  /** Points that the next message costs, that the last one cost, and that are left; null where it is not known. */
  price: number | null;
  lastCost: Cost | null;
  balance: number | null;
  files: number;
  isRunning: boolean;
  connection: Connection;
}

/** One quiet row; two where the terminal is too narrow even for bare numbers: who is talked to, and what it costs. */
export function statusRows(facts: Facts, columns: number): string[] {
  const who = names(facts);
  for (const words of [points, bare]) {
    const row = joined([...who, ...costs(facts, words), ...states(facts)]);
    if (widthOf(row) < columns) return [row];
  }
  const short = joined([...costs(facts, bare), ...states(facts)]);
  return [joined(who), short].filter((each) => each !== '');
}

/** The price, the last cost and the balance as one line, for screen readers. */
export const costLine = (facts: Facts): string => joined(costs(facts, points));

/** No terminal is as wide. */
const longestTitle = 1000;

function names({bot, isStarting, title, connection}: Facts): string[] {
  return [
    troubles[connection],
    bot === undefined ? (isStarting ? 'connecting…' : 'no bot: /bot <handle>') : sanitizeLine(bot),
    title ? sanitizeLine(title.slice(0, longestTitle)) : 'new chat',
  ];
}

const troubles: Record<Connection, string> = {
  open: '',
  reconnecting: 'connection lost, reconnecting…',
  lost: 'no connection',
};

const costs = ({price, lastCost, balance}: Facts, words: (count: number) => string): string[] => [
  price === null ? '' : `${words(price)} per message`,
  lastCost === null ? '' : `last: ${lastCost.isGuess ? 'about ' : ''}${words(lastCost.points)}`,
  balance === null ? '' : `${words(balance)} left`,
];

const states = ({files, isRunning}: Facts): string[] => [
  files === 0 ? '' : `${files} ${files === 1 ? 'file' : 'files'}`,
  isRunning ? 'Esc to stop' : '',
];

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');
const bare = (count: number): string => count.toLocaleString('en-US');
