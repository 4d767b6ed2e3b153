import {PoeError} from '../../errors.js';
import {networkError, NetworkError} from '../network-error.js';
import type {Target} from './connect-tcp.js';
import type {Proxy} from './proxy-settings.js';

/*
 * Errors on the way through a proxy. They name the proxy and the requested host, and never contain credentials.
 */

/** The proxy could not be reached, or closed the connection. */
export function unreachableProxy(proxy: Proxy, {hostname}: Target, error: unknown): PoeError {
  const url = new URL(`${proxy.protocol}//${proxy.host}`);
  return networkError(error, url, `The proxy ${proxy.host}`, {remedy: 'fix_proxy', host: hostname});
}

/**
 * The proxy does not connect to the target.
 * @param status what it answered, such as `HTTP 502`
 * @param isTemporary whether the request may be tried again at once
 */
export function refusedByProxy(proxy: Proxy, target: Target, status: string, isTemporary: boolean): PoeError {
  const message = `${sentence(proxy, target)} (${status})`;
  const facts = {remedy: 'fix_proxy', host: target.hostname} as const;
  return isTemporary ? new NetworkError(message, '', facts) : new PoeError('network', message, facts);
}

/** The proxy requires a login, or rejects it. There is no second attempt: proxies lock accounts. */
export function proxyLoginFailed(proxy: Proxy, target: Target, status: string): PoeError {
  const hasLogin = proxy.user !== '' || proxy.password !== '';
  return new PoeError('network', `${sentence(proxy, target)} (${status})`, {
    hint: hasLogin ? 'It rejects the user name or the password.' : 'It requires a login.',
    remedy: hasLogin ? 'fix_proxy' : 'log_in_to_proxy',
    host: target.hostname,
  });
}

const sentence = (proxy: Proxy, {hostname, port}: Target): string =>
  `The proxy ${proxy.host} does not connect to ${hostname}:${port}`;
