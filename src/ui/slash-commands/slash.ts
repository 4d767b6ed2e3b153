import type {SlashCommand} from '../host.js';

/** What only a chat has; everything else that begins with `/` is a subcommand. */
export const ownCommands = [
  {name: 'new', summary: 'begin a new chat'},
  {name: 'bot', summary: 'talk to another bot: /bot <handle>'},
  {name: 'chat', summary: 'go on with a chat: /chat <chat>'},
  {name: 'file', summary: 'send a file along with the next message: /file <path>'},
  {name: 'copy', summary: "copy the last reply's source, or with /copy code its last code block"},
  {name: 'edit', summary: 'write the message in $EDITOR'},
  {name: 'export', summary: 'write the chat as Markdown: /export [path]'},
  {name: 'clear', summary: 'begin a new chat with an empty screen'},
  {name: 'help', summary: 'list what can be typed'},
  {name: 'exit', summary: 'leave'},
] as const;

export type OwnCommand = (typeof ownCommands)[number]['name'];

export interface SlashLine {
  name: string;
  words: string[];
}

/** Reads `/name words`; words in quotes are one. @returns undefined for a line that is a message */
export function readSlash(line: string): SlashLine | undefined {
  const [, name, rest = ''] = /^\/([a-z][a-z-]*)(?:\s+(.*))?$/s.exec(line.trim()) ?? [];
  return name === undefined ? undefined : {name, words: wordsOf(rest)};
}

/** Words as a shell parts them: by blanks, but for those in quotes or behind a backslash. */
export function wordsOf(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+|["']\S*/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'|\\(.)/g,
      (_all, double = '', single = '', escaped = '') => double + single + escaped,
    ),
  );
}

/** The words of the command line that a slash line stands for, with the chat one is in where a chat is asked for. */
export function commandLine({name, words}: SlashLine, {takesChat}: SlashCommand, chat: string | undefined): string[] {
  const isPart = name === 'history' && ['show', 'export'].includes(words[0] ?? '');
  if (chat === undefined) return [name, ...words];
  if (isPart && !words.slice(1).some((word) => !word.startsWith('-')))
    return [name, words[0] ?? '', chat, ...words.slice(1)];
  const isNamed = takesChat === 'alone' && words.some((word) => !word.startsWith('-'));
  return takesChat === 'never' || isNamed ? [name, ...words] : [name, chat, ...words];
}

/** What acts on the chat one is in. */
export const chatRequired = new Set(['retry', 'export', 'share', 'save', 'cost', 'title', 'cancel', 'clear-context']);

/** The kinds of words that can be completed. */
export type Kind = 'bots' | 'chats' | 'categories' | 'files';

const ownKinds: Record<string, readonly Kind[]> = {bot: ['bots'], chat: ['chats'], file: ['files'], export: ['files']};

/**
 * Everything the draft can become by what the word at its end can be.
 * @param commands those that can be typed now
 * @param wordsFrom the words of a kind that begin like this
 */
export function completions(
  draft: string,
  commands: readonly Pick<SlashCommand, 'name' | 'completes'>[],
  wordsFrom: (kind: Kind, start: string) => readonly string[],
): string[] {
  const [, before = '', word = ''] = /^(.*?)((?:\\.|[^\s\\])*)$/s.exec(draft) ?? [];
  if (word.startsWith('@')) return wordsFrom('files', word.slice(1)).map((path) => `${before}@${path}`);
  const [, name, rest] = /^\/([a-z-]*)(\s.*)?$/s.exec(draft) ?? [];
  if (name === undefined) return [];
  if (rest === undefined) return commands.filter((each) => each.name.startsWith(name)).map((each) => `/${each.name} `);
  const kinds = ownKinds[name] ?? commands.find((each) => each.name === name)?.completes ?? [];
  const kind = kinds[Math.min(wordsOf(before).length, kinds.length) - 1];
  return kind === undefined ? [] : wordsFrom(kind, word).map((each) => before + each);
}

/** What all of these begin with. */
export function commonStart([first = '', ...more]: readonly string[]): string {
  let length = first.length;
  for (const each of more) while (!each.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length -= 1;
  return first.slice(0, length);
}
