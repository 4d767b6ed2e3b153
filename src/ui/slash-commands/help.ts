import type {ChalkInstance} from 'chalk';
import {chatCommands} from './chat-commands.js';
import type {SlashCommand} from './slash-command.js';

/**
 * All slash commands, one per line, and the keys; or one command in detail.
 * @returns undefined if there is no command of that name
 */
export function helpText(commands: readonly SlashCommand[], paint: ChalkInstance, name?: string): string | undefined {
  if (name === undefined) {
    const lines = [...chatCommands, ...commands].map((each) => `/${each.name.padEnd(22)}${each.summary}`);
    return [...lines, paint.dim(keys)].join('\n');
  }
  const isNamed = (each: {name: string}) => each.name === name.replace(/^\//, '');
  const chatCommand = chatCommands.find(isNamed);
  return chatCommand ? `/${chatCommand.name}\n${chatCommand.summary}` : commands.find(isNamed)?.help();
}

const keys =
  'Enter sends · Ctrl+J adds a line · Esc stops the reply · Tab completes, or accepts a suggestion (also Alt+1) · Ctrl+R searches the history · Ctrl+G opens $EDITOR · Ctrl+D exits';
