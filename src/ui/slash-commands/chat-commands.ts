import type {SlashCommand} from './slash-command.js';

/** The commands that only the chat has. All other slash commands are subcommands of poe. */
export const chatCommands = [
  {name: 'new', summary: 'Start a new chat', completes: []},
  {name: 'bot', summary: 'Switch to another bot: /bot <handle>', completes: ['bots']},
  {name: 'chat', summary: 'Continue another chat: /chat <chat>', completes: ['chats']},
  {name: 'file', summary: 'Attach a file to the next message: /file <path>', completes: ['files']},
  {name: 'copy', summary: 'Copy the last reply, or its last code block: /copy [code]', completes: []},
  {name: 'edit', summary: 'Edit the message in $EDITOR', completes: []},
  {name: 'export', summary: 'Export the chat as Markdown: /export [path]', completes: ['files']},
  {name: 'clear', summary: 'Clear the screen and start a new chat', completes: []},
  {name: 'help', summary: 'List the commands and keys, or show a command: /help [command]', completes: []},
  {name: 'exit', summary: 'Leave the chat', completes: []},
] as const satisfies readonly Pick<SlashCommand, 'name' | 'summary' | 'completes'>[];

export type ChatCommand = (typeof chatCommands)[number]['name'];

/** The commands that are valid now: those of the chat, and the given subcommands. */
export const validCommands = (
  subcommands: readonly SlashCommand[],
  {hasChat, hasReply}: {hasChat: boolean; hasReply: boolean},
): Pick<SlashCommand, 'name' | 'completes'>[] =>
  [...chatCommands, ...subcommands].filter(({name}) => (name === 'copy' ? hasReply : hasChat || !needChat.has(name)));

/** The commands that need a current chat. */
const needChat = new Set(['retry', 'export', 'share', 'save', 'cost', 'title', 'cancel', 'clear-context']);
