import type {Command} from 'commander';
import type {Context} from '../context.js';
import {login} from './login.js';
import {logout} from './logout.js';
import {sandbox} from './sandbox.js';
import {send} from './send.js';
import {whoami} from './whoami.js';

/** The subcommands, in the order of the help page. */
export const commands: readonly ((context: Context) => Command)[] = [send, login, logout, whoami, sandbox];
