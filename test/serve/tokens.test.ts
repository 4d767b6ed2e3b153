import {statSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';
import {serving} from './support.js';

test('a token is printed once, and only its hash is stored, in a file for its owner only', async () => {
  const {run, configDir} = await withKey();
  const {code, out, err} = await run(
    'serve',
    'token',
    'add',
    'editor',
    '--budget',
    '2000/day',
    '--bots',
    'claude-*,@gpt-5',
  );
  expect({code, err}).toEqual({code: 0, err: 'Store it now: it is not shown again.\n'});
  expect(out).toMatch(/^poe-serve-[\w-]{43}\n$/);
  const path = join(configDir, 'serve', 'default', 'tokens.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).not.toContain(out.trim().slice(10, 20));
  expect((await run('serve', 'token', 'list')).out).toMatch(/^editor\t2000\/day\tclaude-\*,gpt-5\t\d{4}-/);
  expect(await run('serve', 'token', 'add', 'editor')).toMatchObject({
    code: 2,
    err: 'poe: There is already a token named "editor"\n     Choose another name, or revoke that token first.\n',
  });
  expect(await run('serve', 'token', 'revoke', 'editro')).toMatchObject({
    code: 2,
    err: 'poe: There is no token named "editro"\n     There are: editor.\n',
  });
  expect(await run('serve', 'token', 'revoke', 'editor')).toMatchObject({code: 0, out: 'Revoked the token editor.\n'});
  expect((await run('serve', 'token', 'list')).err).toBe(
    'There are no tokens. Create one with: poe serve token add <name>\n',
  );
});

test('a program with a token sees the bots that its token allows, and none without a token', async () => {
  const {addToken, fetchJson} = await serving();
  const token = await addToken('editor', '--bots', 'sandbox-e*');
  const {status, body} = await fetchJson('/v1/models', {token});
  expect(status).toBe(200);
  expect(body.data.map(({id}: {id: string}) => id)).toContain('Sandbox-Echo');
  expect(body.data.every(({id}: {id: string}) => id.startsWith('Sandbox-E'))).toBe(true);
  expect(await fetchJson('/v1/models', {token: 'wrong'})).toMatchObject({
    status: 401,
    body: {error: {message: 'The token is wrong, or has been revoked.', code: 'invalid_api_key'}},
  });
});

test('a damaged file of tokens is reported to the user, and programs learn nothing about it', async () => {
  const {addToken, fetchJson, run, configDir} = await serving();
  const token = await addToken('editor');
  const path = join(configDir, 'serve', 'default', 'tokens.json');
  writeFileSync(path, '{"tokens": [');
  const message = 'The server cannot read its tokens.';
  expect(await fetchJson('/v1/models', {token})).toMatchObject({status: 503, body: {error: {message}}});
  expect(await run('serve', 'token', 'list')).toEqual({
    code: 1,
    out: '',
    err: `poe: The file of the tokens is damaged: ${path}\n     Delete it, and create new tokens.\n`,
  });
  rmSync(path);
  symlinkSync(path, path);
  expect(await fetchJson('/v1/models', {token})).toMatchObject({status: 503, body: {error: {message}}});
  expect(await run('serve', 'token', 'list')).toMatchObject({
    code: 1,
    err: expect.stringContaining(`Could not read ${path}: too many symbolic links`),
  });
});

test('a body that is nested too deeply is a fault of the program', async () => {
  const {addToken, url} = await serving();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {Authorization: `Bearer ${await addToken('editor')}`, 'Content-Type': 'application/json'},
    body: `{"model":"Sandbox-Echo","messages":[{"role":"user","content":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`,
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('nested too deeply');
});
