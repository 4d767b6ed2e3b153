import {splitWords} from './parse.js';
import type {CompletionKind, SlashCommand} from './slash-command.js';

/**
 * All completions of the last word of a draft, each as the whole draft.
 * @param commands the commands that are valid now
 * @param wordsOf the words of a kind that start with a text
 */
export function completions(
  draft: string,
  commands: readonly Pick<SlashCommand, 'name' | 'completes'>[],
  wordsOf: (kind: CompletionKind, start: string) => readonly string[],
): string[] {
  const [, before = '', word = ''] = /^(.*?)((?:\\.|[^\s\\])*)$/s.exec(draft) ?? [];
  if (word.startsWith('@')) return wordsOf('files', word.slice(1)).map((path) => `${before}@${path}`);
  const [, name, rest] = /^\/([a-z-]*)(\s.*)?$/s.exec(draft) ?? [];
  if (name === undefined) return [];
  if (rest === undefined) return commands.filter((each) => each.name.startsWith(name)).map((each) => `/${each.name} `);
  const kinds = commands.find((each) => each.name === name)?.completes ?? [];
  const kind = kinds[Math.min(splitWords(before).length, kinds.length) - 1];
  return kind === undefined ? [] : wordsOf(kind, word).map((each) => before + each);
}

/** The longest common prefix, ignoring case. */
export function commonPrefix([first = '', ...more]: readonly string[]): string {
  let length = first.length;
  for (const each of more) while (!each.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length -= 1;
  return first.slice(0, length);
}
