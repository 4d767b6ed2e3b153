import {sameBot} from '../../core/spending/same-bot.js';

/** A message that poe sent, or a charge in Poe's history. */
export interface Matchable {
  key: string;
  /** Milliseconds since 1970, by Poe's clock. */
  time: number;
  bot: string;
  type: string | null;
  /** The chat's title. */
  chat: string | null;
}

/** A charge appears this long after its message at most: Poe may list it when the reply ends. */
const maxDelayMs = 10 * 60_000;
/** The clocks may differ by this much. */
const clockToleranceMs = 6_000;

/**
 * Finds the charge of each message. Poe links no charge to a message: those of the same bot, and of the same chat on poe.com if there are
 * any, are taken in the order of time.
 * @returns pairs of keys
 */
export function matchCharges(
  messages: readonly Matchable[],
  charges: readonly Matchable[],
): {message: string; charge: string}[] {
  const typed = charges.filter(({type}) => type !== null);
  const byChat = matchIn(messages, typed, ({chat, ...each}) =>
    // Chats with an API key exist on this machine only.
    each.type === 'Chat' ? `${groupOf(each)} ${chat ?? ''}` : groupOf(each),
  );
  const taken = new Set(byChat.flatMap(({message, charge}) => [message, charge]));
  const isFree = ({key}: Matchable) => !taken.has(key);
  // The title of a new chat may not be known, and chats are renamed: Poe may show the title of now or of then.
  const byBot = matchIn(messages.filter(isFree), typed.filter(isFree), groupOf);
  for (const {message, charge} of byBot) taken.add(message).add(charge);
  // A browser session shows neither the chat nor whether a key was used.
  const untyped = charges.filter(({type}) => type === null);
  const byName = matchIn(messages.filter(isFree), untyped, ({bot}) => sameBot(bot));
  return [...byChat, ...byBot, ...byName];
}

const groupOf = ({bot, type}: Pick<Matchable, 'bot' | 'type'>): string =>
  `${sameBot(bot)} ${type === 'Chat' ? 'site' : 'api'}`;

function matchIn(
  messages: readonly Matchable[],
  charges: readonly Matchable[],
  groupOf: (each: Matchable) => string,
): {message: string; charge: string}[] {
  const chargesOf = groupBy(charges, groupOf);
  return [...groupBy(messages, groupOf)].flatMap(([group, some]) =>
    matchInOrder(some.toSorted(byTime), (chargesOf.get(group) ?? []).toSorted(byTime)),
  );
}

function groupBy(items: readonly Matchable[], groupOf: (each: Matchable) => string): Map<string, Matchable[]> {
  const groups = new Map<string, Matchable[]>();
  for (const item of items) {
    const group = groupOf(item);
    const members = groups.get(group);
    if (members) members.push(item);
    else groups.set(group, [item]);
  }
  return groups;
}

/** @param messages and charges, oldest first */
function matchInOrder(
  messages: readonly Matchable[],
  charges: readonly Matchable[],
): {message: string; charge: string}[] {
  const pairs: {message: string; charge: string}[] = [];
  let next = 0;
  for (const {key, time} of messages) {
    while ((charges[next]?.time ?? Infinity) < time - clockToleranceMs) next++;
    const charge = charges[next];
    if (!charge || charge.time > time + maxDelayMs) continue;
    pairs.push({message: key, charge: charge.key});
    next++;
  }
  return pairs;
}

const byTime = (a: Matchable, b: Matchable): number => a.time - b.time;
