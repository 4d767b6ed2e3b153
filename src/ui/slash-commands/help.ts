import {chatCommands} from './chat-commands.js';
import type {SlashCommand} from './slash-command.js';

/** All slash commands, one per line. */
export const commandLines = (commands: readonly SlashCommand[]): string =>
  [...chatCommands, ...commands].map(({name, summary}) => `/${name.padEnd(22)}${summary}`).join('\n');

export const keyLine =
  'Enter sends · Ctrl+J adds a line · Esc stops the reply · Tab completes, or accepts a suggestion (also Alt+1) · Ctrl+R searches the history · Ctrl+G opens $EDITOR · Ctrl+D exits';
