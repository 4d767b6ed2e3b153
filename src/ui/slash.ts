import type {SlashCommand} from './host.js';

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

/** Everything the word at the end of the draft can become. */
export function completions(
  draft: string,
  names: readonly string[],
  bots: readonly string[],
  chats: readonly string[],
): string[] {
  const [, command, word = ''] = /^\/([a-z-]*)(?:\s+(\S*))?$/.exec(draft) ?? [];
  if (command === undefined) return [];
  if (!/\s/.test(draft)) return names.filter((name) => name.startsWith(command)).map((name) => `/${name} `);
  const values = {bot: bots, 'bot-info': bots, chat: chats}[command] ?? [];
  return values
    .filter((value) => value.toLowerCase().startsWith(word.toLowerCase()))
    .map((value) => `/${command} ${value}`);
}

/** What all of these begin with. */
export function commonStart([first = '', ...more]: readonly string[]): string {
  let length = first.length;
  for (const each of more) while (!each.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length -= 1;
  return first.slice(0, length);
}
