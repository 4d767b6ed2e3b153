import {bashReader, bashScript} from './bash.js';
import {fishReader, fishScript} from './fish.js';
import {powershellReader, powershellScript} from './powershell.js';
import type {Reader} from './shell.js';
import {zshReader, zshScript} from './zsh.js';

/** What `poe completion <shell>` prints: a script that runs `poe completion --complete <shell> …` when Tab is pressed. */
export const scripts = {bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript};

export type ShellName = keyof typeof scripts;

export const readers: ReadonlyMap<string, Reader> = new Map<ShellName, Reader>([
  ['bash', bashReader],
  ['zsh', zshReader],
  ['fish', fishReader],
  ['powershell', powershellReader],
]);
