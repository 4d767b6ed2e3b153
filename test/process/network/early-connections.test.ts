import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import process from 'node:process';
import type {TLSSocket} from 'node:tls';
import {expect, test} from 'vitest';
import {withProgram} from '../../support/program.js';
import {connectProxy, listen} from '../../support/servers/proxy-server.js';
import {withTlsApi} from '../../support/servers/tls-api.js';
import {seconds} from '../../support/patience.js';

/* Connections that are opened before a request needs them. */

test('the connection to the API is open before the file of a message is complete, and carries the message', async () => {
  const {connected, requests, finish} = await sendUnfinishedFile();
  await connected;
  expect(requests).toEqual([]);
  expect(await finish()).toEqual({code: 0, out: expect.stringContaining('hello'), connections: 1});
  expect(requests).toEqual(['POST /bot/Sandbox-Echo']);
});

test('a message is sent over another connection if the server has closed the first one meanwhile', async () => {
  const {connected, finish} = await sendUnfinishedFile();
  const first = await connected;
  first.destroy();
  await once(first, 'close');
  expect(await finish()).toEqual({code: 0, out: expect.stringContaining('hello'), connections: 2});
});

test('poe connects to a host of the live channel together with poe.com', async () => {
  const {runProgram} = await withProgram();
  const silent = await listen(createServer((socket) => socket.on('error', () => {})));
  const proxy = await connectProxy({forwardTo: silent});
  const {code} = await runProgram(['send', '-b', 'Sandbox-Echo', 'hello', '--timeout', seconds(1)], {
    POE_BASE_URL: 'https://poe.com',
    HTTPS_PROXY: proxy.host,
  });
  expect(code).toBe(6);
  expect(proxy.targets).toContain('poe.com:443');
  expect(proxy.targets.filter((target) => target.includes('tch'))).toEqual([
    expect.stringMatching(/^tch\d+\.tch\.poe\.com:443$/),
  ]);
});

/** Starts to send a message with a file from stdin, to an API behind TLS. */
async function sendUnfinishedFile() {
  const {program, server, keyEnv} = await withTlsApi();
  const requests: string[] = [];
  let connections = 0;
  server.on('request', ({method, url}) => requests.push(`${method} ${url}`));
  server.on('secureConnection', () => connections++);
  const args = ['bin/poe.js', 'send', '--via', 'api', '--protocol', 'native', '-b', 'Sandbox-Echo', '-f', '-', 'hello'];
  const env = {...program.env, ...keyEnv, POE_UPLOAD_URL: program.sandbox.uploadUrl};
  const child = spawn(process.execPath, args, {env, stdio: 'pipe'});
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return {
    /** Resolves to the server's end of the first connection. */
    connected: once(server, 'secureConnection').then(([socket]: TLSSocket[]) => socket as TLSSocket),
    requests,
    /** Completes the file. */
    async finish() {
      child.stdin.end('the content');
      const [code]: unknown[] = await once(child, 'close');
      return {code, out, connections};
    },
  };
}
