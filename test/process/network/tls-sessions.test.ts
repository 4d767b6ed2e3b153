import {chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {TLSSocket} from 'node:tls';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {type Environment, runProgram} from '../../support/program.js';
import {localhostPem} from '../../support/servers/proxy-server.js';
import {withTlsApi} from '../../support/servers/tls-api.js';

/* TLS sessions that later commands resume. */

test('a command resumes the TLS session of the command before', async () => {
  const {send, file} = await withSecureApi();
  expect(await send()).toEqual(['new']);
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  expect(await send()).toEqual(['resumed']);
});

test('a server that no longer accepts a session starts a new one, which the next command resumes', async () => {
  const {send, forgetSessions} = await withSecureApi();
  await send();
  forgetSessions();
  expect(await send()).toEqual(['new']);
  expect(await send()).toEqual(['resumed']);
});

test('a session is resumed only with the same profile and the same trusted certificates', async () => {
  const {send, configDir} = await withSecureApi();
  await send();
  expect(await send({POE_PROFILE: 'work'})).toEqual(['new']);
  const copy = join(configDir, 'copy.pem');
  writeFileSync(copy, readFileSync(localhostPem));
  expect(await send({NODE_EXTRA_CA_CERTS: copy})).toEqual(['new']);
  expect(await send()).toEqual(['resumed']);
});

test('sessions in a file that is damaged, or that others can read, are not used', async () => {
  const {send, file} = await withSecureApi();
  await send();
  chmodSync(file, 0o640);
  expect(await send()).toEqual(['new']);
  expect(await send()).toEqual(['resumed']);
  writeFileSync(file, '{"sessions": {');
  expect(await send()).toEqual(['new']);
});

test('certificates that cannot be read do not stop a command', async () => {
  const folder = temporaryFolder();
  const loop = join(folder, 'loop.pem');
  symlinkSync(loop, loop);
  const env = {POE_API_URL: 'https://127.0.0.1:1', POE_API_KEY: 'some-key', POE_CONFIG_DIR: folder};
  const {code, err} = await runProgram(['whoami'], {...env, NODE_EXTRA_CA_CERTS: loop});
  expect({code, err}).toEqual({code: 6, err: expect.stringContaining('refused the connection')});
});

test('a session is not used after a day', async () => {
  const {send, file} = await withSecureApi();
  await send();
  const stored = readFileSync(file, 'utf8');
  const day = 24 * 60 * 60 * 1000;
  writeFileSync(
    file,
    stored.replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) - day}`),
  );
  expect(await send()).toEqual(['new']);
});

test('poe logout deletes the sessions', async () => {
  const {send, file, runProgram} = await withSecureApi();
  await send();
  expect(await runProgram(['logout'])).toMatchObject({code: 0});
  expect(existsSync(file)).toBe(false);
});

/** The program, which sends messages to an API behind TLS. */
async function withSecureApi() {
  const {program, server, keyEnv} = await withTlsApi();
  let connections: string[] = [];
  server.on('secureConnection', (socket: TLSSocket) => {
    connections.push(socket.isSessionReused() ? 'resumed' : 'new');
  });
  return {
    ...program,
    file: join(program.configDir, 'cache', 'tls-sessions.json'),
    /** Sends a message. @returns how its connections began */
    async send(more: Environment = {}) {
      connections = [];
      const sent = await program.runProgram(['send', '--via', 'api', '-b', 'Sandbox-Echo', 'hello'], {
        ...keyEnv,
        ...more,
      });
      expect(sent).toEqual({code: 0, out: 'hello\n', err: ''});
      return connections;
    },
    forgetSessions: () => server.setTicketKeys(Buffer.from('another key'.padEnd(48))),
  };
}
