import {request} from 'node:http';
import {isIP, isIPv6, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {PoeError} from '../../errors.js';
import {networkError, NetworkError} from '../network-error.js';
import {connectTcp, type Target} from './connect-tcp.js';
import type {Proxy} from './proxy-settings.js';

/**
 * Opens a connection to a target through a proxy.
 * @throws PoeError `network`, which names the proxy and the target; the reason of the aborted signal
 */
export async function connectThroughProxy(proxy: Proxy, target: Target, signal: AbortSignal): Promise<Socket> {
  try {
    const socket = await connectTcp(proxy, signal);
    return await openTunnel(socket, proxy, target, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof PoeError ? error : unreachable(proxy, target, error);
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
    if (status < 200 || status > 299) throw refusal(proxy, target, status);
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

function unreachable(proxy: Proxy, target: Target, error: unknown): NetworkError {
  const url = new URL(`${proxy.protocol}//${proxy.host}`);
  const {message, hint} = networkError(error, url, `The proxy ${proxy.host}`);
  return new NetworkError(message, '', {hint, remedy: 'fix_proxy', host: target.hostname, cause: error});
}

function refusal(proxy: Proxy, target: Target, status: number): PoeError {
  const message = `The proxy ${proxy.host} does not connect to ${target.hostname}:${target.port} (HTTP ${status})`;
  const host = target.hostname;
  if (status === 407) {
    return proxy.user || proxy.password
      ? new PoeError('network', message, {hint: 'It rejects the user name or the password.', remedy: 'fix_proxy', host})
      : new PoeError('network', message, {hint: 'It requires a login.', remedy: 'log_in_to_proxy', host});
  }
  // Only a server error may pass: `NetworkError` is what is tried again.
  return status >= 500
    ? new NetworkError(message, '', {remedy: 'fix_proxy', host})
    : new PoeError('network', message, {remedy: 'fix_proxy', host});
}
