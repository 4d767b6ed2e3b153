import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable, Writable} from 'node:stream';
import {onTestFinished} from 'vitest';
import {main} from '../../src/cli/main.js';
import {versionOf, type SiteVersion, type OperationKey} from '../../src/core/web/protocol/operations.js';
import {startTestSandbox, type TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  stdin?: string | Readable;
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** Is given each piece of stdout as it is written. */
  onOut?: (text: string) => void;
  /** As `onOut`, of stderr. */
  onErr?: (text: string) => void;
}

/** A folder that goes when the test ends. @param atEnd where several tests run at a time: that of the test's own context */
export function temporaryFolder(atEnd: (clean: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'poe-test-'));
  atEnd(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
  return folder;
}

/** The command line against a sandbox of its own, in this process, in pipes; with a store of its own and its tokens in the environment. */
export async function withSandbox(options: SandboxOptions = {}) {
  const sandbox = await startTestSandbox({pace: 0.02, ...options});
  onTestFinished(() => sandbox.close());
  const configDir = temporaryFolder();
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  return {
    sandbox,
    configDir,
    run: (...argv: string[]) => runMain(argv, {env}),
    runWith: (runOptions: RunOptions, ...argv: string[]) =>
      runMain(argv, {...runOptions, env: {...env, ...runOptions.env}}),
  };
}

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
export const nameOf = (key: OperationKey, site: SiteVersion = '2026-08'): string => versionOf(key, site).name;

/** How many times it was asked to send a message. */
export const sendsOf = (sandbox: TestSandbox): number =>
  operationsOf(sandbox).filter((name) => name === nameOf('sendMessage', sandbox.site)).length;

/** What the sandbox was asked, by operation. */
export const operationsOf = (sandbox: TestSandbox): string[] =>
  sandbox.requests.flatMap(
    ({queryName, path}) => queryName ?? (path.startsWith('/assets/') ? [] : path.replace(/\?.*/, '')),
  );
