import {widthOf} from '../../output/format/width.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {Connection} from '../../core/client.js';
import {points} from '../../output/format/numbers.js';
import type {Cost} from '../state/chat-state.js';

/** What the status bar shows. */
export interface Facts {
  /** Undefined until the bot is known. */
  bot: string | undefined;
  isStarting: boolean;
  title: string | null;
  /** Points that the next message costs; null if unknown. */
  price: number | null;
  lastCost: Cost | null;
  /** Points left; null if unknown. */
  balance: number | null;
  files: number;
  isRunning: boolean;
  /** The mode of vi's keys; '' without them. */
  mode?: string;
  connection: Connection;
}

/** One row; if the terminal is too narrow even for bare numbers, two: the bot and the chat, then the costs. */
export function statusRows(facts: Facts, columns: number): string[] {
  const subject = subjectOf(facts);
  for (const words of [points, bare]) {
    const row = joined([...subject, ...costs(facts, words), ...states(facts)]);
    if (widthOf(row) < columns) return [row];
  }
  const short = joined([...costs(facts, bare), ...states(facts)]);
  return [joined(subject), short].filter((each) => each !== '');
}

/** The price, the last cost and the balance as one line, for screen readers. */
export const costLine = (facts: Facts): string => joined(costs(facts, points));

/** Wider than any terminal. */
const longestTitle = 1000;

function subjectOf({mode = '', bot, isStarting, title, connection}: Facts): string[] {
  return [
    mode,
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
  lastCost === null ? '' : `last: ${lastCost.isEstimate ? 'about ' : ''}${words(lastCost.points)}`,
  balance === null ? '' : `${words(balance)} left`,
];

const states = ({files, isRunning}: Facts): string[] => [
  files === 0 ? '' : `${files} ${files === 1 ? 'file' : 'files'}`,
  isRunning ? 'Esc to stop' : '',
];

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');
const bare = (count: number): string => count.toLocaleString('en-US');
