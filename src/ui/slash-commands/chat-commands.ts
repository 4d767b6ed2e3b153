import {suggest} from '../../core/names/suggest.js';
import {lacksChat} from './parse.js';
import type {SlashCommand} from './slash-command.js';

/** The commands that only the chat has. All other slash commands are subcommands of poe. */
export const chatCommands = [
  {name: 'bot', summary: 'Switch to another bot: /bot [handle] (also /model)', completes: ['bots']},
  {name: 'chat', summary: 'Continue another chat: /chat [chat]', completes: ['chats']},
  {name: 'new', summary: 'Start a new chat', completes: []},
  {name: 'param', summary: "Set the bot's parameters for this chat: /param [name] [value]", completes: []},
  {name: 'file', summary: 'Attach a file to the next message: /file [path]', completes: ['files']},
  {name: 'compare', summary: 'Ask another bot the last question: /compare [bot]', completes: ['bots']},
  {name: 'system', summary: 'Set instructions for the bot: /system <text>', completes: []},
  {name: 'copy', summary: 'Copy the last reply, or its last code block: /copy [code]', completes: []},
  {name: 'edit', summary: 'Edit the message in $EDITOR', completes: []},
  {name: 'export', summary: 'Export the chat as Markdown: /export [path]', completes: ['files']},
  {name: 'clear', summary: 'Clear the screen and start a new chat', completes: []},
  {name: 'help', summary: 'List the commands and keys, or show a command: /help [command]', completes: []},
  {name: 'exit', summary: 'Leave the chat (also /quit, /q)', completes: []},
] as const satisfies readonly OfferedCommand[];

export type ChatCommand = (typeof chatCommands)[number]['name'];

/** Other names of commands. */
export const aliases: Readonly<Record<string, ChatCommand>> = {quit: 'exit', q: 'exit', model: 'bot'};

/** What the menu of commands shows of one. */
type OfferedCommand = Pick<SlashCommand, 'name' | 'summary' | 'completes' | 'needsArgument'>;

/** Which commands are valid depends on it. */
export interface Situation {
  hasChat: boolean;
  hasReply: boolean;
}

/** The commands that are valid now: those of the chat, and the given subcommands. */
export const validCommands = (subcommands: readonly SlashCommand[], {hasChat, hasReply}: Situation): OfferedCommand[] =>
  [...chatCommands, ...aliasCommands, ...subcommands].filter(({name}) =>
    name === 'copy' ? hasReply : hasChat || !needChat.has(name),
  );

const aliasCommands = Object.entries(aliases).flatMap(([name, command]) =>
  chatCommands.filter((each) => each.name === command).map(({summary, completes}) => ({name, summary, completes})),
);

/** Whether a subcommand applies to the current chat, because no other is named. */
export const needsChat = ({name, takesChat}: SlashCommand, words: readonly string[]): boolean => {
  if (name === 'history') return lacksChat(words);
  const named = words.filter((word) => !word.startsWith('-'));
  return takesChat === 'first' || (takesChat === 'alone' && named.length === 0);
};

/** What to say if there is no command of a name. */
export function unknownCommand(typed: string, subcommands: readonly SlashCommand[]): string {
  const name = typed.replace(/^\//, '');
  const names = [...chatCommands, ...subcommands].map((each) => each.name);
  const similar = suggest(name, [...names, ...Object.keys(aliases)]);
  return `Unknown command /${name}. ${similar ? `Did you mean /${similar}?` : 'Type /help for a list.'}`;
}

/** The commands that need a current chat. */
const needChat = new Set([
  'compare',
  'attach',
  'retry',
  'export',
  'share',
  'save',
  'open',
  'cost',
  'title',
  'cancel',
  'clear-context',
]);
