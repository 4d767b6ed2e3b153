import type {Command} from 'commander';
import {bashScript} from './bash.js';
import {fishScript} from './fish.js';
import {powershellScript} from './powershell.js';
import {treeOf} from './tree.js';
import {zshScript} from './zsh.js';

export {values as liveValues} from './values.js';

const scripts = {bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript};

/** The script that has a shell complete a program, made from the tree of its commands. */
export const script = (shell: keyof typeof scripts, program: Command): string => scripts[shell](treeOf(program));
