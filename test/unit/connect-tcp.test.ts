import {createServer, Socket} from 'node:net';
import {expect, test} from 'vitest';
import {networkError} from '../../src/core/http/network-error.js';
import {connectTcp, connectToFirst} from '../../src/core/http/connect/connect-tcp.js';
import {listen} from '../support/servers/proxy-server.js';

const never = new AbortController().signal;
const failure = (code: string) => Object.assign(new Error(code), {code});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return {promise, resolve};
}

/** An attempt that ends only when it is aborted. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('an address that is slow to answer still wins if the others fail later', async () => {
  const slow = new Socket();
  const othersFailed = deferred();
  const connected = await connectToFirst(
    ['192.0.2.1', '2001:db8::1'],
    async (address) => {
      if (address === '192.0.2.1') {
        await othersFailed.promise;
        return slow;
      }
      othersFailed.resolve();
      throw failure('ENETUNREACH');
    },
    never,
  );
  expect(connected).toBe(slow);
});

test('an address that never answers does not keep the next one from being tried', async () => {
  const quick = new Socket();
  const aborted: string[] = [];
  const connected = await connectToFirst(
    ['2001:db8::1', '192.0.2.1', '192.0.2.2'],
    async (address, signal) => {
      signal.addEventListener('abort', () => aborted.push(address));
      return address === '192.0.2.1' ? quick : untilAborted(signal);
    },
    never,
  );
  expect(connected).toBe(quick);
  expect(aborted).toEqual(['2001:db8::1', '192.0.2.1']);
});

test('of two connections made at the same time, one is closed', async () => {
  const sockets = [new Socket(), new Socket()];
  const both = deferred();
  const connected = await connectToFirst(
    ['2001:db8::1', '192.0.2.1'],
    async (address) => {
      if (address === '192.0.2.1') both.resolve();
      await both.promise;
      return sockets[address === '192.0.2.1' ? 1 : 0] ?? new Socket();
    },
    never,
  );
  const other = sockets.find((socket) => socket !== connected);
  await expect.poll(() => other?.destroyed).toBe(true);
  expect(connected.destroyed).toBe(false);
});

test('the error is that of an address that this machine can use', async () => {
  const errors = new Map([
    ['2001:db8::1', 'ENETUNREACH'],
    ['192.0.2.1', 'ECONNREFUSED'],
  ]);
  const attempt = connectToFirst(
    [...errors.keys()],
    (address) => Promise.reject(failure(errors.get(address) ?? '')),
    never,
  );
  await expect(attempt).rejects.toMatchObject({code: 'ECONNREFUSED'});
});

test('an abort ends all attempts and starts no further one', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const tried: string[] = [];
  const attempt = connectToFirst(
    ['2001:db8::1', '192.0.2.1'],
    (address, signal) => {
      tried.push(address);
      queueMicrotask(() => stop.abort(reason));
      return untilAborted(signal);
    },
    stop.signal,
  );
  await expect(attempt).rejects.toBe(reason);
  expect(tried).toEqual(['2001:db8::1']);
});

test('a name below .localhost is this machine', async () => {
  const port = await listen(createServer((client) => void client.end()));
  const socket = await connectTcp({hostname: 'tch1.tch.localhost', port}, never);
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
});

test('if no more sockets can be opened, the error names the limit', () => {
  const cause = Object.assign(new Error('connect EMFILE'), {code: 'EMFILE'});
  expect(networkError(new Error('failed', {cause}), new URL('https://poe.com'))).toMatchObject({
    message: 'poe.com could not be reached: too many open files',
    hint: 'Raise the limit of open files, for example with: ulimit -n 1024',
  });
});
