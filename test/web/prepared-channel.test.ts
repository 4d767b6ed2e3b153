import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Server} from 'node:net';
import {setImmediate} from 'node:timers/promises';
import {expect, onTestFinished, test, vi} from 'vitest';
import {requestChannel} from '../../src/core/web/live/request-channel.js';
import {Session} from '../../src/core/web/session/session.js';
import {SiteConnection} from '../../src/core/web/session/site-connection.js';

/* The live channel that is requested before the client is loaded. */

const tokens = {pB: 'b', pLat: 'l', formKey: 'a'.repeat(32)};

test('a call that is aborted while Poe answers gets no channel', async () => {
  const {connection, session, answerNext} = await withHeldSettings();
  await connection.prepareChannel();
  const call = new AbortController();
  const outcome = requestChannel(session, call.signal).catch((error: unknown) => error);
  // The call has the form key, and waits for the answer.
  await setImmediate();
  call.abort();
  await answerNext('first');
  expect(await outcome).toMatchObject({code: 'interrupted'});
});

test('after a command that was interrupted, the next call requests a channel of its own', async () => {
  const {connection, session, answerNext} = await withHeldSettings();
  const command = new AbortController();
  await connection.prepareChannel(command.signal);
  command.abort();
  await setImmediate();
  const requested = requestChannel(session);
  await answerNext('first');
  await answerNext('second');
  expect(await requested).toMatchObject({channel: 'second'});
});

test('a client does not wait for a connection that does not open', async () => {
  const proxy = createTcpServer();
  const port = await listen(proxy);
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const command = new AbortController();
  const connection = connectionTo('https://poe.invalid');
  await connection.prepareChannel(command.signal);
  const prepared = connection.takePrepared();
  command.abort();
  await expect(prepared).rejects.toMatchObject({code: 'interrupted'});
});

/** A site that answers requests for a channel only when the test does. */
async function withHeldSettings() {
  const held: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    held.push(response);
    server.emit('held');
  });
  const port = await listen(server);
  const connection = connectionTo(`http://127.0.0.1:${port}`);
  const session = new Session({connection, tokens});
  onTestFinished(() => server.closeAllConnections());
  const answerNext = async (channel: string) => {
    if (held.length === 0) await once(server, 'held');
    const tchannelData = {minSeq: 5, channel, channelHash: '1', boxName: 'b', baseHost: `localhost:${port}`};
    held.shift()?.end(JSON.stringify({tchannelData}));
  };
  return {connection, session, answerNext};
}

const connectionTo = (baseUrl: string) => new SiteConnection({tokens, baseUrl, timeoutMs: 120_000, log: () => {}});

async function listen(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
