import {env} from 'node:process';
import {PoeError} from '../../errors.js';
import {bypassesProxy, withoutBrackets} from './no-proxy.js';

/** How to reach a proxy and log in to it. */
export interface Proxy {
  protocol: string;
  /** Without brackets. */
  hostname: string;
  port: number;
  /** Host and port, for messages. */
  host: string;
  /** '' if there is none. */
  user: string;
  password: string;
}

/**
 * The proxy for a URL, set by the environment as for curl; undefined for none. `http:` and `ws:` are for this machine only and use none.
 * @throws PoeError `network` if the setting is not the URL of a supported proxy
 */
export function proxyFor(url: URL): Proxy | undefined {
  if (url.protocol === 'http:' || url.protocol === 'ws:') return undefined;
  const setting = variable('https_proxy') || variable('all_proxy');
  if (setting === '' || bypassesProxy(variable('no_proxy'), url.hostname, Number(url.port) || 443)) return undefined;
  return parseProxy(setting, url);
}

/** The host and its proxy, for error messages. Omits the proxy's password. */
export function routeName(url: URL): string {
  const proxy = proxyFor(url);
  return proxy ? `${url.host} (through the proxy ${proxy.host})` : url.host;
}

const defaultPorts = new Map<string, number>([
  ['http:', 80],
  ['https:', 443],
  ...['socks:', 'socks4:', 'socks4a:', 'socks5:', 'socks5h:'].map((protocol) => [protocol, 1080] as const),
]);

function parseProxy(setting: string, target: URL): Proxy {
  const text = setting.includes('://') ? setting : `http://${setting}`;
  const fail = (message: string, hint?: string) =>
    new PoeError('network', message, {hint, remedy: 'fix_proxy', host: target.hostname});
  if (!URL.canParse(text)) throw fail('The proxy setting is not a valid URL');
  const {protocol, hostname, port, username, password} = new URL(text);
  const defaultPort = defaultPorts.get(protocol);
  if (defaultPort === undefined) {
    throw fail(`Unsupported proxy protocol: ${protocol}`, 'Use an http:, https:, socks5: or socks5h: proxy.');
  }
  if (hostname === '') throw fail('The proxy setting names no host');
  if (protocol.startsWith('socks') && [username, password].some((text) => Buffer.byteLength(decode(text)) > 255)) {
    throw fail('The user name or the password of the proxy is longer than SOCKS allows (255 bytes)');
  }
  return {
    protocol,
    hostname: withoutBrackets(hostname),
    port: Number(port) || defaultPort,
    host: port === '' ? hostname : `${hostname}:${port}`,
    user: decode(username),
    password: decode(password),
  };
}

/** Decodes percent-encoded bytes. Other percent signs stay, as in curl. */
const decode = (text: string): string =>
  Buffer.from(
    text.replaceAll(/%([\da-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** An environment variable. As in curl, the lower-case name takes precedence, and an empty value counts as unset. */
const variable = (name: string): string => (env[name] || env[name.toUpperCase()] || '').trim();
