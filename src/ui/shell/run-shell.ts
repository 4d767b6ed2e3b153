import {type ChildProcess, spawn} from 'node:child_process';
import process from 'node:process';
import {childEnvironment} from '../../output/terminal/programs/child-environment.js';
import {OutputBuffer} from './output-buffer.js';

/** What a command has written, and how it ended if not with success. */
export interface ShellResult {
  output: string;
  /** Such as `exit code 1`. */
  failure?: string;
}

const maxSeconds = 120;
const maxKeptBytes = 50_000;
/** How long a command may take to end after it was asked to, before it is killed. */
const graceMs = 1000;
/** A program that the command left in the background may keep its output open for longer. */
const drainMs = 200;

/**
 * Runs a command in the user's shell, without input and without a terminal, and without poe's own variables. Aborting the
 * signal stops it and all programs that it has started.
 * @throws the system's error if there is no such shell
 */
export async function runShell(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<ShellResult> {
  const child = start(command, childEnvironment(env));
  const output = new OutputBuffer(maxKeptBytes);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.add(chunk));
  let reason: string | undefined;
  const stop = (why: string) => {
    reason ??= why;
    end(child, 'SIGTERM');
    setTimeout(() => end(child, 'SIGKILL'), graceMs).unref();
  };
  const timer = setTimeout(() => stop(`stopped after ${maxSeconds} seconds`), maxSeconds * 1000);
  const abort = () => stop('stopped');
  const kill = () => end(child, 'SIGKILL');
  signal.addEventListener('abort', abort);
  process.once('exit', kill);
  if (signal.aborted) abort();
  try {
    const failure = await ended(child);
    return {output: output.text(), ...((reason ?? failure) !== undefined && {failure: reason ?? failure})};
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    process.off('exit', kill);
  }
}

function start(command: string, env: NodeJS.ProcessEnv): ChildProcess {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  if (process.platform === 'win32') return spawn(command, {env, stdio, shell: true, windowsHide: true});
  // Its own process group, so that all its programs can be stopped, and so that none of them reads from the terminal.
  return spawn(env.SHELL || 'sh', ['-c', command], {env, stdio, detached: true});
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has already ended.
  }
}

/** @returns how the command failed */
function ended(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const failure = signal ? `ended by ${signal}` : code === 0 ? undefined : `exit code ${code}`;
      const drained = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(failure);
      }, drainMs);
      child.on('close', () => {
        clearTimeout(drained);
        resolve(failure);
      });
    });
  });
}
