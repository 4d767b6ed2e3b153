import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import {type RunOptions} from '../support/harness.js';
import {signInUrl, sentTo} from '../support/sign-in-page.js';
import {ownerOfKey, withKey} from '../support/with-key.js';

/* Signing in with Poe. The tests act as the browser, with fetch. */

const noKey = {POE_API_KEY: undefined};

async function withClient() {
  const {sandbox, configDir, runWith} = await withKey();
  const env = {...noKey, POE_CLIENT_ID: clientId};
  /** Runs a login and calls `visit` with the URL to open. Stdin stays open, as on a terminal. */
  const login = async (visit: Visit, options: RunOptions = {}, ...argv: string[]) => {
    const stdin = new PassThrough();
    let printed = '';
    let visited: unknown;
    const onErr = (text: string) => {
      const before = signInUrl(printed);
      printed += text;
      const url = signInUrl(printed);
      if (url !== undefined && before === undefined) visited = visit(url, stdin);
    };
    const outcome = await runWith(
      {stdin, onErr, ...options, env: {...env, ...options.env}},
      'login',
      '--api-key',
      ...argv,
    );
    await visited;
    return outcome;
  };
  const whoami = () => runWith({env: noKey}, 'whoami');
  return {sandbox, configDir, login, whoami, runWith};
}

type Visit = (url: string, stdin: PassThrough) => unknown;

test('with a client id, login --api-key signs in with the browser and saves the key', async () => {
  const {sandbox, configDir, login, whoami, runWith} = await withClient();
  let page = '';
  const {code, out, err} = await login(async (url) => (page = await (await fetch(url)).text()));
  expect({code, out}).toEqual({code: 0, out: 'Logged in as Sandbox (@sandbox) with an API key (profile default)\n'});
  expect(page).toContain('You are logged in to poe.');
  expect(err).toContain('Allow poe to use your account in your browser:');
  expect((await whoami()).code).toBe(0);
  const file = readFileSync(join(configDir, 'config.json'), 'utf8');
  expect(JSON.parse(file).profiles.default).toMatchObject({apiKey: sandbox.apiKey, clientId});
  // The client id was saved.
  const again = await login((url) => fetch(url), {env: {POE_CLIENT_ID: undefined}}, '--json');
  expect(JSON.parse(again.out)).toEqual(ownerOfKey);
  expect((await runWith({env: noKey}, 'send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
});

test('the URL to open contains the challenge, not the verifier, and requests only a key', async () => {
  const {sandbox, login} = await withClient();
  let opened = '';
  await login((url) => fetch((opened = url)));
  const {origin, pathname, searchParams} = new URL(opened);
  expect(origin + pathname).toBe(`${sandbox.url}/oauth/authorize`);
  expect(Object.fromEntries(searchParams)).toEqual({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    scope: 'apikey:create',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^[\w-]{32}$/),
  });
  const exchange = sandbox.requests.find(({path}) => path === '/token');
  expect(exchange?.headers['content-type']).toContain('application/x-www-form-urlencoded');
  expect(exchange?.headers.authorization).toBeUndefined();
  const verifier = new URLSearchParams(String(exchange?.body)).get('code_verifier') ?? '';
  expect(createHash('sha256').update(verifier).digest('base64url')).toBe(searchParams.get('code_challenge'));
  expect(opened).not.toContain(verifier);
});

test('the redirect URL can be pasted if the browser cannot reach this machine', async () => {
  const {login, whoami} = await withClient();
  const {code} = await login(async (url, stdin) => stdin.write(`${await sentTo(url)}\n`));
  expect(code).toBe(0);
  expect((await whoami()).code).toBe(0);
});

test('a URL of another login is rejected', async () => {
  const {login, whoami, sandbox} = await withClient();
  const {code, err} = await login(async (url, stdin) => {
    const other = new URL(url);
    other.searchParams.set('state', 'x'.repeat(32));
    stdin.write(`${await sentTo(other.href)}\n`);
  });
  expect(code).toBe(2);
  expect(err).toContain('belongs to another login');
  expect(sandbox.requests.map(({path}) => path)).not.toContain('/token');
  expect((await whoami()).code).toBe(4);
});

test('a request with another state is rejected, and the login continues', async () => {
  const {login} = await withClient();
  const statuses: number[] = [];
  const {code} = await login(async (url) => {
    const {searchParams} = new URL(url);
    const callback = searchParams.get('redirect_uri') ?? '';
    for (const wrong of ['?code=x', '?code=x&state=y', '?error=access_denied&state=y'])
      statuses.push((await fetch(callback + wrong)).status);
    statuses.push((await fetch(callback.replace('/callback', '/'))).status);
    statuses.push((await fetch(callback, {method: 'POST', body: searchParams})).status);
    statuses.push((await fetch(url)).status);
  });
  expect({code, statuses}).toEqual({code: 0, statuses: [400, 400, 400, 404, 404, 200]});
});

test('a refusal by the user or by Poe ends the login', async () => {
  const {login, sandbox, whoami} = await withClient();
  sandbox.faults.denySignIn();
  let page = '';
  const denied = await login(async (url) => (page = await (await fetch(url)).text()));
  expect(denied.code).toBe(1);
  expect(denied.err).toContain('Access was denied in the browser');
  expect(page).toContain('You are not logged in to poe.');
  const wrongScope = await login((url) => fetch(url.replace('apikey%3Acreate', 'all')));
  expect(wrongScope.err).toContain('invalid_scope');
  expect((await whoami()).code).toBe(4);
});

test('a redirect of another server ends the login, also if it is pasted', async () => {
  const {login, sandbox, whoami} = await withClient();
  for (const issuer of ['https://evil.example', 'https://poe.com/', 'https://poe.com.evil.example', 'http://poe.com']) {
    sandbox.faults.nameIssuer(issuer);
    let page = '';
    const redirected = await login(async (url) => (page = await (await fetch(url)).text()));
    expect({issuer, code: redirected.code}).toEqual({issuer, code: 1});
    expect(redirected.err).toContain(`The login was answered by ${issuer}, not by ${sandbox.url}`);
    expect(page).toContain('You are not logged in to poe.');
    const pasted = await login(async (url, stdin) => stdin.write(`${await sentTo(url)}\n`));
    expect({issuer, code: pasted.code}).toEqual({issuer, code: 1});
  }
  expect(sandbox.requests.map(({path}) => path)).not.toContain('/token');
  expect((await whoami()).code).toBe(4);
});

test('a redirect may name Poe as its issuer, or none', async () => {
  const {login, sandbox} = await withClient();
  for (const issuer of [sandbox.url, 'https://poe.com', '', null]) {
    sandbox.faults.nameIssuer(issuer);
    expect((await login((url) => fetch(url))).code).toBe(0);
  }
});

test('a code that Poe rejects ends the login with the message of Poe', async () => {
  const {login, sandbox} = await withClient();
  for (const [error, code, text] of [
    ['invalid_grant', 1, 'A code can be used once'],
    ['invalid_request', 1, 'POE_CLIENT_ID'],
    ['server_error', 6, 'could not create a key'],
  ] as const) {
    const body = JSON.stringify({error, error_description: 'Message of Poe.'});
    sandbox.faults.respondOnce({path: '/token'}, {status: 400, body});
    const outcome = await login((url) => fetch(url));
    expect({error, code: outcome.code}).toEqual({error, code});
    expect(outcome.err).toContain(text);
    expect(outcome.err).toContain('Message of Poe.');
  }
  sandbox.faults.respondOnce({path: '/token'}, {status: 200, body: '<html>'});
  expect((await login((url) => fetch(url))).code).toBe(1);
});

test('the login ends after --timeout, and Ctrl-C aborts it', async () => {
  const {login} = await withClient();
  const late = await login(() => {}, {}, '--timeout', '0.2');
  expect(late.code).toBe(6);
  expect(late.err).toContain('Access was not allowed in time');
  const stop = new AbortController();
  let callback = '';
  const stopped = await login(
    (url) => {
      callback = new URL(url).searchParams.get('redirect_uri') ?? '';
      stop.abort();
    },
    {signal: stop.signal},
  );
  expect(stopped.code).toBe(130);
  await expect(fetch(callback)).rejects.toThrow();
});

test('a key on stdin is used even with a client id', async () => {
  const {login, sandbox, whoami} = await withClient();
  const {code} = await login(() => {}, {stdin: `${sandbox.apiKey}\n`});
  expect(code).toBe(0);
  expect((await whoami()).code).toBe(0);
});

test('an expired key is not used', async () => {
  const {login, sandbox, whoami} = await withClient();
  sandbox.faults.expireKeysAfter('3600');
  expect((await login((url) => fetch(url))).err).toMatch(/expires at \d{4}-\d\d-\d\dT/);
  expect((await whoami()).code).toBe(0);
  sandbox.faults.expireKeysAfter(-1);
  await login((url) => fetch(url));
  const {code, err} = await whoami();
  expect(code).toBe(4);
  expect(err).toContain('expired at');
});

test('a key without an expiry does not expire, also if the last one did', async () => {
  const {login, sandbox, whoami} = await withClient();
  for (const forever of [null, undefined, 'never', 1e30]) {
    sandbox.faults.expireKeysAfter(-1);
    await login((url) => fetch(url));
    expect((await whoami()).code).toBe(4);
    sandbox.faults.expireKeysAfter(forever);
    const {code, err} = await login((url) => fetch(url));
    expect({forever, code}).toEqual({forever, code: 0});
    expect(err).not.toContain('expires at');
    expect((await whoami()).code).toBe(0);
  }
});

test('--json prints the URL to open', async () => {
  const {login} = await withClient();
  const {code, err} = await login((url) => fetch(url), {}, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(err)).toEqual({open: expect.stringContaining('/oauth/authorize?')});
});

test('the sandbox accepts a code once, with its verifier and redirect_uri, and redirects only to this machine', async () => {
  const {sandbox} = await withClient();
  const verifier = 'v'.repeat(43);
  const redirectUri = 'http://127.0.0.1:9/callback';
  const ask = (more: Record<string, string> = {}) => {
    const url = new URL('/oauth/authorize', sandbox.url);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'apikey:create',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    }).toString();
    return sentTo(url.href);
  };
  const exchange = async (code: string, more: Record<string, string> = {}): Promise<{error?: string}> => {
    const form = {grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri};
    const body = new URLSearchParams({...form, code_verifier: verifier, ...more});
    return JSON.parse(await (await fetch(`${sandbox.apiUrl}/token`, {method: 'POST', body})).text());
  };
  const code = async () => new URL(await ask()).searchParams.get('code') ?? '';
  const good = await code();
  expect(await exchange(good)).toEqual({api_key: sandbox.apiKey, api_key_expires_in: null});
  expect(await exchange(good)).toMatchObject({error: 'invalid_grant'});
  expect(await exchange(await code(), {code_verifier: 'w'.repeat(43)})).toMatchObject({error: 'invalid_grant'});
  expect(await exchange(await code(), {redirect_uri: 'http://127.0.0.1:9/'})).toMatchObject({error: 'invalid_grant'});
  expect(await exchange(await code(), {grant_type: 'password'})).toMatchObject({error: 'unsupported_grant_type'});
  expect(await ask({redirect_uri: 'http://evil.example/'})).toBe('status 400');
  expect(await ask({client_id: 'client_x'})).toBe('status 400');
  expect(await ask({code_challenge_method: 'plain'})).toContain('error=invalid_request');
});
