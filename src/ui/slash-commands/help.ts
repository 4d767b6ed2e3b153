import {wrapLine} from '../../output/terminal/rows/wrap.js';
import type {LineOptions} from '../text/opening.js';
import {aliases, chatCommands} from './chat-commands.js';
import type {SlashCommand} from './slash-command.js';

interface HelpOptions extends LineOptions {
  /** The command to explain. */
  name?: string | undefined;
}

/** What is used most, in this order. The other commands are listed by name. */
const mostUsed = [
  {name: 'bot', typed: '/bot [handle]', effect: 'Switch to another bot, by name or from a list'},
  {name: 'new', typed: '/new', effect: 'Start a new chat'},
  {name: 'chat', typed: '/chat [chat]', effect: 'Continue another chat, by code or from a list'},
  {name: 'retry', typed: '/retry', effect: 'Regenerate the last reply'},
  {name: 'copy', typed: '/copy [code]', effect: 'Copy the last reply, or its last code block'},
  {name: 'help', typed: '/help <command>', effect: 'Explain a command'},
] as const;

const keys = [
  ['Enter', 'Send; Ctrl+J adds a line; Esc stops the reply'],
  ['/ and @', 'Choose a command or a file to attach; Tab completes'],
  ['Ctrl+R, Ctrl+O', 'Search what you typed before; show the reasoning'],
  ['Esc Esc, !', 'Edit an earlier question; run a shell command'],
  ['Ctrl+G, Ctrl+D', 'Edit the message in $EDITOR; leave the chat'],
] as const;

/** Groups with few commands share a row, so that the help fits on a screen of 24 rows with the prompt. */
const sharedRows: Readonly<Record<string, string>> = {
  Account: 'Account, tools',
  Tools: 'Account, tools',
  Archive: 'Chats',
};

/** The width of the first column, on narrow terminals and on others. */
const nameWidths = [15, 17] as const;

/**
 * All slash commands by group, and the keys; or one command in detail.
 * @returns undefined if there is no command of that name
 */
export function helpText(commands: readonly SlashCommand[], options: HelpOptions): string | undefined {
  const {theme} = options;
  if (options.name !== undefined) return explain(commands, options.name);
  const isMostUsed = new Set<string>(mostUsed.map((each) => each.name));
  const all = [...chatCommands.map(({name}) => ({name, group: 'In the chat'})), ...commands].map(({name, group}) => ({
    name,
    group: sharedRows[group] ?? group,
  }));
  const others = all.filter((each) => !isMostUsed.has(each.name));
  const groups = [...new Set(others.map(({group}) => group))];
  const lines = [
    ...mostUsed.flatMap(({typed, effect}) => row(typed, effect, options)),
    ...groups.flatMap((title) => {
      const members = others.filter(({group}) => group === title);
      return row(title, members.map((each) => `/${each.name}`).join(' '), {...options, isGroup: true});
    }),
    theme.text('Keys'),
    ...keys.flatMap(([key, effect]) => row(key, effect, options)),
  ];
  return lines.join('\n');
}

/** A name and a text beside it. */
function row(
  name: string,
  text: string,
  {columns, theme, isGroup = false}: LineOptions & {isGroup?: boolean},
): string[] {
  const nameWidth = nameWidths[columns < 60 ? 0 : 1];
  const indent = ' '.repeat(nameWidth + 1);
  const [first = '', ...rest] = wrapLine(text, columns - 1 - indent.length);
  const nameStyle = isGroup ? theme.dim : theme.accent;
  return [`${nameStyle(name.padEnd(nameWidth))} ${first}`, ...rest.map((each) => indent + each.trimStart())];
}

function explain(commands: readonly SlashCommand[], name: string): string | undefined {
  const plainName = name.replace(/^\//, '');
  const isNamed = (each: {name: string}) => each.name === (aliases[plainName] ?? plainName);
  const chatCommand = chatCommands.find(isNamed);
  return chatCommand ? `/${chatCommand.name}\n${chatCommand.summary}` : commands.find(isNamed)?.help();
}
