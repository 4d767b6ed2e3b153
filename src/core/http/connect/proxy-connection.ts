import {request} from 'node:http';
import {isIP, isIPv6, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {PoeError} from '../../errors.js';
import {connectTcp, type Target} from './connect-tcp.js';
import {proxyLoginFailed, refusedByProxy, unreachableProxy} from './proxy-error.js';
import type {Proxy} from './proxy-settings.js';

/**
 * Opens a connection to a target through a proxy.
 * @throws PoeError `network`, which names the proxy and the target; the reason of the aborted signal
 */
export async function connectThroughProxy(proxy: Proxy, target: Target, signal: AbortSignal): Promise<Socket> {
  if (proxy.protocol.startsWith('socks')) {
    return (await import('./socks.js')).connectThroughSocks(proxy, target, signal);
  }
  try {
    const socket = await connectTcp(proxy, signal);
    return await openTunnel(socket, proxy, target, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof PoeError ? error : unreachableProxy(proxy, target, error);
  }
}

/** Sends CONNECT. Closes the socket if the proxy refuses. */
async function openTunnel(socket: Socket, proxy: Proxy, target: Target, signal: AbortSignal): Promise<Socket> {
  const stream = proxy.protocol === 'https:' ? startTls(socket, proxy) : socket;
  const authority = `${isIPv6(target.hostname) ? `[${target.hostname}]` : target.hostname}:${target.port}`;
  const connect = request({
    createConnection: () => stream,
    method: 'CONNECT',
    path: authority,
    headers: {Host: authority, 'Proxy-Connection': 'keep-alive', ...authorization(proxy)},
  });
  connect.removeHeader('Connection');
  const abort = () => connect.destroy();
  signal.addEventListener('abort', abort, {once: true});
  try {
    const status = await new Promise<number>((resolve, reject) => {
      connect.once('connect', ({statusCode = 0}, _socket, head: Buffer) => {
        if (head.length > 0) stream.unshift(head);
        resolve(statusCode);
      });
      connect.on('error', reject);
      connect.once('close', () => reject(Object.assign(new Error('closed'), {code: 'ECONNRESET'})));
      connect.end();
    });
    if (status === 407) throw proxyLoginFailed(proxy, target, 'HTTP 407');
    if (status < 200 || status > 299) throw refusedByProxy(proxy, target, `HTTP ${status}`, status >= 500);
    return stream;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const startTls = (socket: Socket, {hostname}: Proxy): Socket =>
  connectTls({
    socket,
    host: hostname,
    servername: isIP(hostname) ? '' : hostname,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  });

function authorization({user, password}: Proxy): {'Proxy-Authorization'?: string} {
  if (user === '' && password === '') return {};
  return {'Proxy-Authorization': `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`};
}
