import {lookup} from 'node:dns/promises';
import {request as httpRequest} from 'node:http';
import {request as httpsRequest} from 'node:https';
import {connect as connectTcp, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import {type Finding, okFinding} from '../../finding.js';
import {check, type Checked} from './check.js';
import {networkError} from '../../http/network-error.js';
import {isLocalName, loopbackLookup, proxyFor} from '../../http/proxy-route.js';

interface WayOptions extends CallOptions {
  timeoutMs: number;
}

/**
 * Looks at the way to a site, one layer after the other: DNS, proxy, connection, TLS. Nothing is asked of the site itself.
 * @returns whether the way is free
 */
export async function* checkNetworkPath(site: URL, options: WayOptions): AsyncGenerator<Finding, boolean, undefined> {
  const {signal} = options;
  const proxy = proxyFor(site);
  const next = proxy !== undefined && URL.canParse(proxy) ? new URL(proxy) : site;
  if (!(yield* check('DNS', () => lookUp(next), signal))) return false;
  const layer = next === site ? 'connection' : 'proxy';
  if (next === site) yield okFinding('proxy', 'none for this address');
  const socket = yield* check(
    layer,
    () => (next === site ? reach(site, options) : tunnel(next, site, options)),
    signal,
  );
  if (!socket) return false;
  if (next !== site) yield okFinding('connection', `to ${site.host}, by way of the proxy`);
  try {
    return (yield* check('TLS', () => secure(socket, site, options), signal)) ?? false;
  } finally {
    socket.destroy();
  }
}

async function lookUp({hostname}: URL): Promise<Checked<true>> {
  const name = hostname.replaceAll(/[[\]]/g, '');
  if (isLocalName(name)) return {value: true, saw: `${name} is this machine`};
  const found = await lookup(name, {all: true}).catch((error: unknown) => {
    throw networkError(error, new URL(`http://${hostname}`));
  });
  return {value: true, saw: `${name} is ${found.map(({address}) => address).join(', ')}`};
}

async function reach(site: URL, {timeoutMs, signal}: WayOptions): Promise<Checked<Socket>> {
  const started = performance.now();
  const host = site.hostname.replaceAll(/[[\]]/g, '');
  const socket = connectTcp({
    host,
    port: portOf(site),
    signal,
    ...(isLocalName(host) && {lookup: loopbackLookup}),
  });
  await settled(socket, 'connect', timeoutMs).catch((error: unknown) => {
    socket.destroy();
    throw networkError(error, site);
  });
  return {value: socket, saw: `${site.host} takes it (${Math.round(performance.now() - started)} ms)`};
}

/** Has the proxy make a way to the site. */
async function tunnel(proxy: URL, site: URL, {timeoutMs, signal}: WayOptions): Promise<Checked<Socket>> {
  const {username, password} = proxy;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const target = `${site.hostname}:${portOf(site)}`;
  const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send({
    host: proxy.hostname.replaceAll(/[[\]]/g, ''),
    port: portOf(proxy),
    method: 'CONNECT',
    path: target,
    headers: {Host: target, ...(username && {'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}`})},
    timeout: timeoutMs,
    signal,
  });
  const [status, socket] = await new Promise<[number, Socket]>((resolve, reject) => {
    request.once('connect', ({statusCode = 0}, connected: Socket) => resolve([statusCode, connected]));
    request.once('response', ({statusCode = 0, socket: answered}) => resolve([statusCode, answered]));
    request.once('timeout', () => request.destroy(timedOut()));
    request.once('error', reject);
    request.end();
  }).catch((error: unknown) => {
    const {message} = networkError(error, new URL(`http://${proxy.host}`));
    throw new PoeError('network', `The proxy ${message}`, {
      hint: `Correct HTTPS_PROXY, or go without it: NO_PROXY=${site.hostname}`,
      cause: error,
    });
  });
  if (status >= 200 && status < 300) return {value: socket, saw: `${proxy.host} makes the way to ${target}`};
  socket.destroy();
  throw new PoeError('network', `The proxy ${proxy.host} makes no way to ${target} (HTTP ${status})`, {
    hint:
      status === 407
        ? 'It wants a user and a password: HTTPS_PROXY=http://<user>:<password>@<host>:<port>'
        : `Use another proxy, or none: NO_PROXY=${site.hostname}`,
  });
}

async function secure(socket: Socket, site: URL, {timeoutMs}: WayOptions): Promise<Checked<true>> {
  if (site.protocol === 'http:') return {value: true, saw: 'none: it stays on this machine'};
  const secured = connectTls({socket, servername: site.hostname, rejectUnauthorized: true});
  try {
    await settled(secured, 'secureConnect', timeoutMs);
    const {issuer, valid_to: until} = secured.getPeerCertificate();
    return {
      value: true,
      saw: `${secured.getProtocol()}, certified by ${[issuer?.O ?? issuer?.CN ?? 'nobody'].flat().join(' ')} until ${until}`,
    };
  } catch (error) {
    throw networkError(error, site);
  } finally {
    secured.destroy();
  }
}

/** Waits for an event of a socket. @throws what the socket fails with */
async function settled(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(timedOut()));
    socket.once(event, () => resolve());
    // A socket that is being left may fail once more.
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), {code: 'ECONNRESET'})));
  });
}

const timedOut = () => Object.assign(new Error('timed out'), {code: 'ETIMEDOUT'});

const portOf = ({port, protocol}: URL): number => Number(port) || (/^(?:https|wss):$/.test(protocol) ? 443 : 80);
