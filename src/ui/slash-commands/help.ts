import type {SlashCommand} from '../host.js';
import {ownCommands} from './slash.js';

/** All that can be typed with a slash, a command a line. */
export const commandLines = (commands: readonly SlashCommand[]): string =>
  [...ownCommands, ...commands].map(({name, summary}) => `/${name.padEnd(22)}${summary}`).join('\n');

export const keyLine =
  'Enter sends · Ctrl+J a new line · Esc stops · Tab completes · Tab or Alt+1 takes a suggested reply · Ctrl+R searches · Ctrl+G opens $EDITOR · Ctrl+D leaves';
