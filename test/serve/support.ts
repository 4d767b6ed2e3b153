import {onTestFinished} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {type Outcome, runMain, type RunOptions} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

interface RequestOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Runs `poe serve` in this process against a sandbox, with an API key, until the test ends. */
export async function serving(options: SandboxOptions = {}, ...flags: string[]) {
  const sandbox = await withKey({pace: 0, ...options});
  return {sandbox: sandbox.sandbox, configDir: sandbox.configDir, ...(await servingWith(sandbox.runWith, flags))};
}

/** As `serving`, with an API that a test defines. @param env its variables */
export const servingApi = (env: Record<string, string>, ...flags: string[]) =>
  servingWith((options, ...argv) => runMain(argv, {...options, env}), flags);

type Run = (options: RunOptions, ...argv: string[]) => Promise<Outcome>;

async function servingWith(runWith: Run, flags: readonly string[]) {
  const run = (...argv: string[]) => runWith({}, ...argv);
  const controller = new AbortController();
  let log = '';
  const {url, ended} = await new Promise<{url: string; ended: Promise<{code: number; err: string}>}>(
    (resolve, reject) => {
      const outcome = runWith(
        {
          signal: controller.signal,
          // At the end, an empty text is written.
          onOut: (text) => text !== '' && resolve({url: JSON.parse(text).url, ended: outcome}),
          onErr: (text) => (log += text),
        },
        'serve',
        '--json',
        ...flags,
      );
      void outcome.then(({err}) => reject(new Error(err)));
    },
  );
  const stop = () => {
    controller.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));

  /** Posts if there is a body. */
  const request = (path: string, {token, body, headers, signal}: RequestOptions = {}) =>
    fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token !== undefined && {Authorization: `Bearer ${token}`}),
        ...(body !== undefined && {'Content-Type': 'application/json'}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  return {
    run,
    runWith,
    url,
    stop,
    log: () => log,
    request,
    async fetchJson(path: string, requestOptions?: RequestOptions) {
      const response = await request(path, requestOptions);
      // Tests compare it with what they expect.
      const json = (await response.json()) as any; // oxlint-disable-line no-explicit-any
      return {status: response.status, headers: response.headers, body: json};
    },
    async addToken(name: string, ...more: string[]): Promise<string> {
      const {out, err} = await run('serve', 'token', 'add', name, ...more);
      if (out === '') throw new Error(err);
      return out.trim();
    },
  };
}
