import type {SlashCommand} from './slash-command.js';

export interface SlashLine {
  name: string;
  words: string[];
  /** What follows the name, as it was typed. */
  rest: string;
}

/** Parses `/name words`; quoted words are one. @returns undefined if the line is a message */
export function parseSlashLine(line: string): SlashLine | undefined {
  const [, name, rest = ''] = /^\/([a-z][a-z-]*)(?:\s+(.*))?$/s.exec(line.trim()) ?? [];
  return name === undefined ? undefined : {name, words: splitWords(rest), rest: rest.trim()};
}

/** Splits a text into words like a shell: at blanks, except in quotes or after a backslash. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+|["']\S*/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'|\\(.)/g,
      (_all, double = '', single = '', escaped = '') => double + single + escaped,
    ),
  );
}

/** The subcommands of history that take a chat, and how many arguments follow it. */
const ofOneChat: ReadonlyMap<string, number> = new Map([
  ['show', 0],
  ['export', 0],
  ['branch', 1],
]);

/** Whether the words after `/history` name a subcommand for one chat, but no chat. */
export function lacksChat(words: readonly string[]): boolean {
  const [first = '', ...args] = namedOf(words);
  const following = words[0] === first ? ofOneChat.get(first) : undefined;
  return following !== undefined && args.length <= following;
}

const namedOf = (words: readonly string[]): string[] => words.filter((word) => !word.startsWith('-'));

/** The arguments of the subcommand for a slash line. The current chat is inserted where the subcommand expects a chat. */
export function subcommandLine(
  {name, words}: Pick<SlashLine, 'name' | 'words'>,
  {takesChat}: Pick<SlashCommand, 'takesChat'>,
  chat: string | undefined,
): string[] {
  if (chat === undefined) return [name, ...words];
  const [first = '', ...rest] = words;
  if (name === 'history' && lacksChat(words)) return [name, first, chat, ...rest];
  const isNamed = (args: readonly string[]) => namedOf(args).length > 0;
  if (takesChat === 'never' || (takesChat === 'alone' && isNamed(words))) return [name, ...words];
  return [name, chat, ...words];
}
