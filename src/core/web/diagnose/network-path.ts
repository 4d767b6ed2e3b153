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

interface PathOptions extends CallOptions {
  timeoutMs: number;
}

/**
 * Checks the network path to a site: DNS, proxy, connection, TLS. Sends no request to the site.
 * @returns whether the site can be reached
 */
export async function* checkNetworkPath(site: URL, options: PathOptions): AsyncGenerator<Finding, boolean, undefined> {
  const {signal} = options;
  const proxy = proxyFor(site);
  const firstHop = proxy !== undefined && URL.canParse(proxy) ? new URL(proxy) : site;
  if (!(yield* check('DNS', () => lookUp(firstHop), signal))) return false;
  const layer = firstHop === site ? 'connection' : 'proxy';
  if (firstHop === site) yield okFinding('proxy', 'none for this URL');
  const socket = yield* check(
    layer,
    () => (firstHop === site ? connect(site, options) : openTunnel(firstHop, site, options)),
    signal,
  );
  if (!socket) return false;
  if (firstHop !== site) yield okFinding('connection', `to ${site.host}, through the proxy`);
  try {
    return (yield* check('TLS', () => startTls(socket, site, options), signal)) ?? false;
  } finally {
    socket.destroy();
  }
}

async function lookUp({hostname}: URL): Promise<Checked<true>> {
  const name = hostname.replaceAll(/[[\]]/g, '');
  if (isLocalName(name)) return {value: true, detail: `${name} is this machine`};
  const addresses = await lookup(name, {all: true}).catch((error: unknown) => {
    throw networkError(error, new URL(`http://${hostname}`));
  });
  return {value: true, detail: `${name} is ${addresses.map(({address}) => address).join(', ')}`};
}

async function connect(site: URL, {timeoutMs, signal}: PathOptions): Promise<Checked<Socket>> {
  const started = performance.now();
  const host = site.hostname.replaceAll(/[[\]]/g, '');
  const socket = connectTcp({
    host,
    port: portOf(site),
    signal,
    ...(isLocalName(host) && {lookup: loopbackLookup}),
  });
  await waitFor(socket, 'connect', timeoutMs).catch((error: unknown) => {
    socket.destroy();
    throw networkError(error, site);
  });
  return {value: socket, detail: `${site.host} accepts it (${Math.round(performance.now() - started)} ms)`};
}

/** Opens a connection to the site through the proxy. */
async function openTunnel(proxy: URL, site: URL, {timeoutMs, signal}: PathOptions): Promise<Checked<Socket>> {
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
    const {message} = networkError(error, proxy, `The proxy ${proxy.host}`);
    throw new PoeError('network', message, {
      remedy: 'fix_proxy',
      host: site.hostname,
      cause: error,
    });
  });
  if (status >= 200 && status < 300) return {value: socket, detail: `${proxy.host} connects to ${target}`};
  socket.destroy();
  throw new PoeError('network', `The proxy ${proxy.host} does not connect to ${target} (HTTP ${status})`, {
    remedy: status === 407 ? 'log_in_to_proxy' : 'fix_proxy',
    host: site.hostname,
  });
}

async function startTls(socket: Socket, site: URL, {timeoutMs}: PathOptions): Promise<Checked<true>> {
  if (site.protocol === 'http:') return {value: true, detail: 'none: the site is on this machine'};
  const secured = connectTls({socket, servername: site.hostname, rejectUnauthorized: true});
  try {
    await waitFor(secured, 'secureConnect', timeoutMs);
    const {issuer, valid_to: until} = secured.getPeerCertificate();
    return {
      value: true,
      detail: `${secured.getProtocol()}, certificate by ${[issuer?.O ?? issuer?.CN ?? 'an unknown issuer'].flat().join(' ')}, valid until ${until}`,
    };
  } catch (error) {
    throw networkError(error, site);
  } finally {
    secured.destroy();
  }
}

/** Waits for an event of a socket. @throws the socket's error */
async function waitFor(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(timedOut()));
    socket.once(event, () => resolve());
    // A socket that is being closed may emit a second error.
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), {code: 'ECONNRESET'})));
  });
}

const timedOut = () => Object.assign(new Error('timed out'), {code: 'ETIMEDOUT'});

const portOf = ({port, protocol}: URL): number => Number(port) || (/^(?:https|wss):$/.test(protocol) ? 443 : 80);
