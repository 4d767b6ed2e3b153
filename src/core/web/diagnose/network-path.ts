import type {Socket} from 'node:net';
import {isIP} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import {failedFinding, type Finding, okFinding} from '../../finding.js';
import {check, type Checked} from './check.js';
import {connectTcp, isLocalName, resolve, type Target} from '../../http/connect/connect-tcp.js';
import {withoutBrackets} from '../../http/connect/no-proxy.js';
import {connectThroughProxy} from '../../http/connect/proxy-connection.js';
import {type Proxy, proxyFor} from '../../http/connect/proxy-settings.js';
import {networkError} from '../../http/network-error.js';

interface PathOptions extends CallOptions {
  timeoutMs: number;
}

/**
 * Checks the network path to a site: DNS, proxy, connection, TLS. Sends no request to the site.
 * @returns whether the site can be reached
 */
export async function* checkNetworkPath(site: URL, options: PathOptions): AsyncGenerator<Finding, boolean, undefined> {
  const {signal} = options;
  let proxy: Proxy | undefined;
  try {
    proxy = proxyFor(site);
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    yield failedFinding('proxy', error);
    return false;
  }
  if (!(yield* check('DNS', () => lookUp(proxy ?? targetOf(site)), signal))) return false;
  if (!proxy) yield okFinding('proxy', 'none for this URL');
  const socket = proxy
    ? yield* check('proxy', () => connectVia(proxy, site, options), signal)
    : yield* check('connection', () => connect(site, options), signal);
  if (!socket) return false;
  if (proxy) yield okFinding('connection', `to ${site.host}, through the proxy`);
  try {
    return (yield* check('TLS', () => startTls(socket, site, options), signal)) ?? false;
  } finally {
    socket.destroy();
  }
}

async function lookUp({hostname}: Pick<Target, 'hostname'>): Promise<Checked<true>> {
  if (isLocalName(hostname)) return {value: true, detail: `${hostname} is this machine`};
  const addresses = await resolve(hostname).catch((error: unknown) => {
    throw networkError(error, new URL('http://unused.invalid'), hostname);
  });
  return {value: true, detail: `${hostname} is ${addresses.join(', ')}`};
}

async function connect(site: URL, options: PathOptions): Promise<Checked<Socket>> {
  const started = performance.now();
  const socket = await within(options, (signal) => connectTcp(targetOf(site), signal)).catch((error: unknown) => {
    throw networkError(error, site);
  });
  return {value: socket, detail: `${site.host} accepts it (${Math.round(performance.now() - started)} ms)`};
}

async function connectVia(proxy: Proxy, site: URL, options: PathOptions): Promise<Checked<Socket>> {
  const target = targetOf(site);
  const socket = await within(options, (signal) => connectThroughProxy(proxy, target, signal)).catch(
    (error: unknown) => {
      if (error instanceof PoeError) throw error;
      throw networkError(error, site, `The proxy ${proxy.host}`).with({remedy: 'fix_proxy', host: site.hostname});
    },
  );
  return {value: socket, detail: `${proxy.host} connects to ${target.hostname}:${target.port}`};
}

async function startTls(socket: Socket, site: URL, options: PathOptions): Promise<Checked<true>> {
  if (site.protocol === 'http:') return {value: true, detail: 'none: the site is on this machine'};
  const {hostname} = targetOf(site);
  const secured = connectTls({
    socket,
    host: hostname,
    servername: isIP(hostname) ? '' : hostname,
    rejectUnauthorized: true,
  });
  try {
    await within(options, (signal) => secureConnect(secured, signal));
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

/** @throws the socket's error; the reason of the aborted signal */
async function secureConnect(socket: Socket, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {once: true});
    socket.once('secureConnect', () => resolve());
    // A socket that is being closed may emit a second error.
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), {code: 'ECONNRESET'})));
  });
}

/** Runs one step with a time limit. @throws an error with the code `ETIMEDOUT` when it is exceeded */
async function within<T>({timeoutMs, signal}: PathOptions, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(Object.assign(new Error('timed out'), {code: 'ETIMEDOUT'})), timeoutMs);
  try {
    return await run(signal ? AbortSignal.any([timeout.signal, signal]) : timeout.signal);
  } finally {
    clearTimeout(timer);
  }
}

const targetOf = ({protocol, hostname, port}: URL): Target => ({
  hostname: withoutBrackets(hostname),
  port: Number(port) || (protocol === 'https:' ? 443 : 80),
});
