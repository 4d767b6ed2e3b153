import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {expect} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {shareCompiledCode, storeSiteFacts} from './setup/earlier-run.js';
import {type Outcome, temporaryFolder, withSandbox} from './harness.js';

/*
 * bin/poe.js in a process of its own. Tests that do not need one call main() instead, which is faster: see harness.ts.
 */

export type Environment = Record<string, string | undefined>;

interface ProgramOptions extends SandboxOptions {
  /** Whether the configuration folder is empty, as for the first run. */
  isFirstRun?: boolean;
}

/** A sandbox, and an environment in which programs use it. */
export async function withProgram({isFirstRun = false, ...options}: ProgramOptions = {}) {
  const {sandbox, configDir, run, runWith} = await withSandbox(options);
  if (!isFirstRun) {
    shareCompiledCode(configDir);
    storeSiteFacts(configDir, sandbox);
  }
  const env: Environment = {
    PATH: process.env.PATH,
    HOME: temporaryFolder(),
    ...sandbox.env,
    POE_CONFIG_DIR: configDir,
  };
  return {
    sandbox,
    configDir,
    env,
    /** Runs a command in this process. */
    run,
    runWith,
    runProgram: (words: readonly string[], more: Environment = {}) => runProgram(words, {...env, ...more}),
    shell: (script: string, more: Environment = {}) => runShell(script, {...env, ...more}),
  };
}

/** Runs poe with these arguments, and without standard input. @param nodeOptions such as `--import` */
export const runProgram = (words: readonly string[], env: Environment, nodeOptions: readonly string[] = []) =>
  execute(process.execPath, [...nodeOptions, 'bin/poe.js', ...words], env);

/** Runs a script in Bash. A pipeline fails if any of its commands does. */
const runShell = (script: string, env: Environment) => execute('bash', ['-o', 'pipefail', '-c', script], env);

/** Runs poe and kills it with SIGKILL when the condition holds. */
export async function killWhen(condition: () => boolean, words: readonly string[], env: Environment): Promise<void> {
  const child = spawn(process.execPath, ['bin/poe.js', ...words], {env, stdio: ['ignore', 'pipe', 'inherit']});
  child.stdout.resume();
  await expect.poll(condition).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** @returns code -1 if the program was ended by a signal */
function execute(file: string, args: readonly string[], env: Environment): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(file, args, {env}, (_error, out, err) => resolve({code: child.exitCode ?? -1, out, err}));
    child.stdin?.end();
  });
}
