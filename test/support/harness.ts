import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable, Writable} from 'node:stream';
import {onTestFinished} from 'vitest';
import {main} from '../../src/cli/main.js';
import {versionOf, type SiteVersion, type OperationKey} from '../../src/core/web/protocol/operations.js';
import {startTestSandbox, type TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';

/* Runs the command line in this process, which takes milliseconds. program.ts runs bin/poe.js instead. */

export interface Outcome {
  /** The exit code. */
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  stdin?: string | Readable;
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** Called with each chunk of stdout. */
  onOut?: (text: string) => void;
  /** Called with each chunk of stderr. */
  onErr?: (text: string) => void;
}

/** `onTestFinished` of the test's context, which tests that run concurrently need. */
type OnEnd = (clean: () => void | Promise<void>) => void;

/** Creates a folder that is deleted when the test ends. */
export function temporaryFolder(onEnd: OnEnd = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'poe-test-'));
  onEnd(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
  return folder;
}

/** Starts a sandbox, and returns functions that run commands with its session and an empty configuration folder. */
export async function withSandbox(options: SandboxOptions = {}, onEnd: OnEnd = onTestFinished) {
  const sandbox = await startTestSandbox({pace: 0.02, ...options});
  onEnd(() => sandbox.close());
  const configDir = temporaryFolder(onEnd);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  return {
    sandbox,
    configDir,
    run: (...argv: string[]) => runMain(argv, {env}),
    runWith: (runOptions: RunOptions, ...argv: string[]) =>
      runMain(argv, {...runOptions, env: {...env, ...runOptions.env}}),
  };
}

/** Runs a command with pipes as its standard streams, and no environment but the given one. */
export async function runMain(
  argv: string[],
  {stdin = '', env = {}, signal, onOut, onErr}: RunOptions,
): Promise<Outcome> {
  const stdout = collector(onOut);
  const stderr = collector(onErr);
  const io = {
    stdin: typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) : stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
  };
  const code = await main(argv, io, signal ?? new AbortController().signal);
  return {code, out: stdout.text(), err: stderr.text()};
}

function collector(onText?: (text: string) => void) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      onText?.(chunk.toString('utf8'));
      done();
    },
  });
  return {stream, text: () => Buffer.concat(chunks).toString('utf8')};
}

/** The name of an operation on a site version. */
export const operationName = (key: OperationKey, site: SiteVersion = '2026-08'): string => versionOf(key, site).name;

/** Counts the requests to send a message. */
export const countSends = (sandbox: TestSandbox): number =>
  operationsOf(sandbox).filter((name) => name === operationName('sendMessage', sandbox.site)).length;

/** The variables of each request to send a message. */
export const sentMessages = ({requests}: Pick<TestSandbox, 'requests'>): unknown[] =>
  requests.flatMap(({queryName, variables}) => (/^sendMessage/i.test(queryName ?? '') ? [variables] : []));

/** The requests the sandbox received: operations by name, others by path, without script files. */
export const operationsOf = (sandbox: TestSandbox): string[] =>
  sandbox.requests.flatMap(
    ({queryName, path}) => queryName ?? (path.startsWith('/assets/') ? [] : path.replace(/\?.*/, '')),
  );
