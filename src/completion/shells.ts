import {bash} from './bash.js';
import {fish} from './fish.js';
import {powershell} from './powershell.js';
import type {Shell} from './shell.js';
import {zsh} from './zsh.js';

const shells = {bash, zsh, fish, powershell};

export type ShellName = keyof typeof shells;

/** The script that sets up completion in a shell. */
export const completionScript = (name: ShellName): string => shells[name].script;

export const findShell = (name: string): Shell | undefined => new Map<string, Shell>(Object.entries(shells)).get(name);
