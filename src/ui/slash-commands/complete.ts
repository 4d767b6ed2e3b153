import {asWord} from '../attachments/mention.js';
import {typedAt} from '../prompt/marks.js';
import {splitWords} from './parse.js';
import type {CompletionKind, SlashCommand} from './slash-command.js';

export interface Completions {
  /** Where the word to complete starts. */
  start: number;
  /** What it can become. */
  words: readonly string[];
}

/**
 * The completions of the last word of a text.
 * @param text the draft before the caret, with marks
 * @param commands the commands that are valid now
 * @param wordsOf the words of a kind that start with a text
 */
export function completions(
  text: string,
  commands: readonly Pick<SlashCommand, 'name' | 'completes'>[],
  wordsOf: (kind: CompletionKind, start: string) => readonly string[],
): Completions {
  const mention = mentionPattern.exec(text);
  if (mention) {
    const [all, quoted, escaped = ''] = mention;
    const paths = wordsOf('files', quoted ?? unescape(escaped));
    return {start: text.length - all.length, words: paths.map((path) => typedAt + asWord(path))};
  }
  const [, name, rest] = /^\/([a-z-]*)(\s.*)?$/s.exec(text) ?? [];
  if (name === undefined) return {start: text.length, words: []};
  if (rest === undefined)
    return {start: 0, words: commands.map((each) => `/${each.name} `).filter((each) => each.startsWith(text))};
  const [word = ''] = /(?:\\.|[^\s\\])*$/s.exec(text) ?? [];
  const start = text.length - word.length;
  const kinds = commands.find((each) => each.name === name)?.completes ?? [];
  const kind = kinds[Math.min(splitWords(text.slice(0, start)).length, kinds.length) - 1];
  if (kind === undefined) return {start, words: []};
  const words = wordsOf(kind, kind === 'files' ? unescape(word) : word);
  return {start, words: kind === 'files' ? words.map(asWord) : words};
}

/** An `@` with the start of a path, perhaps after a quote. An `@` that is completed counts as typed. */
const mentionPattern = new RegExp(
  `(?<![\\w.+/@\\\\-])[@${typedAt}](?:["']([^"'\\n]*)|((?:\\\\.|[^\\s\\\\"'])*))$`,
  's',
);

const unescape = (word: string): string => word.replaceAll(/\\(.)/gs, '$1');

/** The longest common prefix, ignoring case. It does not end within an escaped character. */
export function commonPrefix([first = '', ...more]: readonly string[]): string {
  let length = first.length;
  for (const each of more) while (!each.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length -= 1;
  const prefix = first.slice(0, length);
  return more.length > 0 ? prefix.replace(/(?<!\\)(\\\\)*\\$/, '$1') : prefix;
}
