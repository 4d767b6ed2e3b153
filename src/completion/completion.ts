import type {Command} from 'commander';
import {bashScript} from './bash.js';
import {fishScript} from './fish.js';
import {powershellScript} from './powershell.js';
import {treeOf} from './tree.js';
import {zshScript} from './zsh.js';

export {values} from './values.js';

export type Shell = keyof typeof scripts;

/** The script that has a shell complete a program. */
export const script = (shell: Shell, program: Command): string => scripts[shell](treeOf(program));

const scripts = {bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript};
