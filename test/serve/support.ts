import {onTestFinished} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {withKey} from '../support/with-key.js';

interface RequestOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Runs `poe serve` in this process against a sandbox, with an API key, until the test ends. */
export async function serving(options: SandboxOptions = {}, ...flags: string[]) {
  const {sandbox, run, runWith, configDir, env} = await withKey({pace: 0, ...options});
  const controller = new AbortController();
  let log = '';
  const {url, ended} = await new Promise<{url: string; ended: Promise<{code: number; err: string}>}>(
    (resolve, reject) => {
      const outcome = runWith(
        {
          signal: controller.signal,
          onOut: (text) => resolve({url: JSON.parse(text).url, ended: outcome}),
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
    sandbox,
    configDir,
    env,
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
