import type {ChalkInstance} from 'chalk';
import {wrapLine} from '../../output/terminal/wrap.js';
import {aliases, chatCommands} from './chat-commands.js';
import type {SlashCommand} from './slash-command.js';

interface HelpOptions {
  paint: ChalkInstance;
  /** The width of the terminal, in columns. */
  width: number;
  /** The command to explain. */
  name?: string | undefined;
}

/**
 * All slash commands and the keys; or one command in detail.
 * @returns undefined if there is no command of that name
 */
export function helpText(commands: readonly SlashCommand[], {paint, width, name}: HelpOptions): string | undefined {
  if (name === undefined) {
    const lines = [...chatCommands, ...commands].flatMap((each) =>
      wrapLine(`/${each.name.padEnd(nameWidth)}${each.summary}`, width, ' '.repeat(nameWidth + 1)),
    );
    return [...lines, ...wrapLine(keys, width).map((row) => paint.dim(row))].join('\n');
  }
  const plainName = name.replace(/^\//, '');
  const isNamed = (each: {name: string}) => each.name === (aliases[plainName] ?? plainName);
  const chatCommand = chatCommands.find(isNamed);
  return chatCommand ? `/${chatCommand.name}\n${chatCommand.summary}` : commands.find(isNamed)?.help();
}

const nameWidth = 22;

const keys =
  'Enter sends · Ctrl+J adds a line · @path attaches a file · Esc stops the reply · Tab completes, or accepts a suggestion (also Alt+1) · Ctrl+R searches the history · Ctrl+G opens $EDITOR · Ctrl+D exits';
