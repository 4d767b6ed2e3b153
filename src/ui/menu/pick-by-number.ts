import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {truncate} from '../../output/terminal/rows/truncate.js';
import type {MenuEntry} from './entry.js';
import {fuzzyList, orderedList} from './entry-list.js';
import type {PickOptions} from './picker-state.js';

interface ByNumberOptions {
  /** Asks a question. @returns undefined if it is dismissed */
  ask(question: string): Promise<string | undefined>;
  /** Prints lines. */
  print(lines: string): void;
  /** Words an error in one line. */
  describe(error: unknown): string;
  signal: AbortSignal;
}

const maxListed = 20;
/** Longer lines take long to read aloud. */
const maxWidth = 100;

/** Has the user choose from a numbered list, on a terminal without menus. @returns undefined if nothing is chosen */
export async function pickByNumber(
  {title, source, acceptsText = false}: PickOptions,
  {ask, print, describe, signal}: ByNumberOptions,
): Promise<string | undefined> {
  const all = new Map<string, MenuEntry>();
  const add = (entries: readonly MenuEntry[]) => entries.forEach((entry) => all.set(entry.value, entry));
  try {
    for await (const entries of source.load(signal)) {
      all.clear();
      add(entries);
    }
  } catch (error) {
    print(`${sanitizeLine(describe(error))}\n`);
  }
  let matches: readonly MenuEntry[] = [...all.values()];
  for (;;) {
    print(`${numbered(title, matches)}\n`);
    const answer = (await ask('Type a number, or words to search for. Leave it empty to cancel.'))?.trim() ?? '';
    if (answer === '' || signal.aborted) return undefined;
    const chosen = /^\d{1,3}$/.test(answer) ? matches.slice(0, maxListed)[Number(answer) - 1] : undefined;
    if (chosen) return chosen.value;
    const found = await search(answer);
    if (found.length === 0 && acceptsText) return answer;
    if (found.length === 0) print(`No match for ${sanitizeLine(answer)}\n`);
    else matches = found;
  }

  async function search(query: string): Promise<readonly MenuEntry[]> {
    const found = await Promise.resolve(source.search?.run(query, signal) ?? []).catch((error: unknown) => {
      print(`${sanitizeLine(describe(error))}\n`);
      return [];
    });
    add(found);
    const entries = [...all.values()];
    const local = (source.isOrdered === true ? orderedList(entries) : await fuzzyList(entries)).matching(query);
    return [...new Set([...local, ...found])];
  }
}

function numbered(title: string, matches: readonly MenuEntry[]): string {
  const lines = matches.slice(0, maxListed).map(({label, fact = '', detail}, index) => {
    const text = [label, fact, detail].filter((each) => each !== '').join(', ');
    return `${index + 1}. ${truncate(sanitizeLine(text.slice(0, 300)), maxWidth)}`;
  });
  const more = matches.length - lines.length;
  const rest = more > 0 ? [`and ${more} more`] : lines.length === 0 ? ['Nothing to choose'] : [];
  return [`${sanitizeLine(title)}:`, ...lines, ...rest].join('\n');
}
