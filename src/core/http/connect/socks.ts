import {isIPv4, type Socket} from 'node:net';
import {SocksClient} from 'socks';
import {PoeError} from '../../errors.js';
import {networkError} from '../network-error.js';
import {connectTcp, connectToFirst, resolve, type Target} from './connect-tcp.js';
import {proxyLoginFailed, refusedByProxy, unreachableProxy} from './proxy-error.js';
import type {Proxy} from './proxy-settings.js';

/* Load this module with `import()`: few users have a SOCKS proxy. */

interface Version {
  type: 4 | 5;
  /** Whether the proxy looks up host names. Otherwise, this machine does. */
  looksUpNames: boolean;
}

const versions: Readonly<Record<string, Version>> = {
  'socks:': {type: 5, looksUpNames: true},
  'socks5h:': {type: 5, looksUpNames: true},
  'socks5:': {type: 5, looksUpNames: false},
  'socks4a:': {type: 4, looksUpNames: true},
  'socks4:': {type: 4, looksUpNames: false},
};

/** The library has a time limit of its own. This is as long as a timer can be: the signal ends the attempt. */
const timeout = 2 ** 31 - 1;

/**
 * Opens a connection through a SOCKS proxy. If this machine looks up the host, all of its addresses are tried.
 * @throws PoeError `network`; the reason of the aborted signal
 */
export async function connectThroughSocks(proxy: Proxy, target: Target, signal: AbortSignal): Promise<Socket> {
  const version = versions[proxy.protocol];
  if (!version) throw new TypeError(`No SOCKS protocol: ${proxy.protocol}`);
  const hosts = version.looksUpNames ? [target.hostname] : await addressesOf(target, version);
  return connectToFirst(
    hosts,
    (host, attemptSignal) => negotiate(proxy, version, {target, host}, attemptSignal),
    signal,
  );
}

async function addressesOf({hostname}: Target, {type}: Version): Promise<string[]> {
  const found = await resolve(hostname).catch((error: unknown) => {
    throw networkError(error, new URL(`https://${hostname}`), hostname);
  });
  const usable = type === 4 ? found.filter((address) => isIPv4(address)) : found;
  if (usable.length === 0) {
    throw new PoeError('network', `${hostname} has no IPv4 address, which a SOCKS 4 proxy needs`, {
      remedy: 'fix_proxy',
      host: hostname,
    });
  }
  return usable;
}

async function negotiate(
  proxy: Proxy,
  {type}: Version,
  {target, host}: {target: Target; host: string},
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await connectTcp(proxy, signal).catch((error: unknown) => {
    throw signal.aborted ? error : unreachableProxy(proxy, target, error);
  });
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, {once: true});
  try {
    await SocksClient.createConnection({
      existing_socket: socket,
      command: 'connect',
      proxy: {host: proxy.hostname, port: proxy.port, type, userId: proxy.user, password: proxy.password},
      destination: {host, port: target.port},
      timeout,
    });
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    // The library's error contains the password, so it is not the cause.
    throw explain(proxy, target, error instanceof Error ? error.message : '');
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** @param message of the library */
function explain(proxy: Proxy, target: Target, message: string): PoeError {
  if (/authentication/i.test(message)) return proxyLoginFailed(proxy, target, 'SOCKS: login failed');
  const [, reason] = /rejected connection - \(?(\w+)/.exec(message) ?? [];
  if (reason !== undefined) {
    // "HostUnreachable"
    const words = reason.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
    return refusedByProxy(proxy, target, `SOCKS: ${words}`, false);
  }
  return /invalid/i.test(message)
    ? refusedByProxy(proxy, target, 'it does not speak SOCKS', false)
    : unreachableProxy(proxy, target, Object.assign(new Error('closed'), {code: 'ECONNRESET'}));
}
