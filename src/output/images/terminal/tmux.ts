import {execFile} from 'node:child_process';
import {childEnvironment} from '../../terminal/programs/child-environment.js';
import type {Size} from '../fit.js';
import {isPlausible, usualCell} from './answers.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface TmuxFacts {
  /** The name that the terminal outside of tmux reported to it; '' if it reported none. */
  terminal: string;
  cell: Size;
  /** Whether tmux passes sequences on to its terminal. */
  passesThrough: boolean;
  /** Whether the pane of this program is the one that the user looks at. Only that one gets answers. */
  isActive: boolean;
}

/** Asks tmux about its terminal. @returns undefined if tmux cannot be asked */
export async function askTmux(env: Env, signal: AbortSignal): Promise<TmuxFacts | undefined> {
  const target = env.TMUX_PANE ? ['-t', env.TMUX_PANE] : [];
  const format = '#{client_termtype}\t#{client_cell_width}\t#{client_cell_height}\t#{window_active}#{pane_active}';
  const [facts, passthrough] = await Promise.all([
    tmux(['display-message', '-p', ...target, format], env, signal),
    tmux(['show-options', '-Apv', ...target, 'allow-passthrough'], env, signal),
  ]);
  if (facts === undefined) return undefined;
  const [terminal = '', width = '', height = '', active = ''] = facts.split('\t');
  const cell = {width: Number(width), height: Number(height)};
  return {
    terminal,
    cell: isPlausible(cell) ? cell : usualCell,
    passesThrough: passthrough === 'on' || passthrough === 'all',
    isActive: active === '11',
  };
}

const timeoutMs = 1000;

/** @returns what tmux prints, or undefined if it fails */
function tmux(args: readonly string[], env: Env, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {env: childEnvironment(env), timeout: timeoutMs, signal};
    execFile('tmux', args, options, (error, stdout) => resolve(error ? undefined : stdout.replace(/\n$/, '')));
  });
}
