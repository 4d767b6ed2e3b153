import type {ClientRequest} from 'node:http';
import type {Socket} from 'node:net';
import {HttpsProxyAgent} from 'https-proxy-agent';
import {PoeError} from '../errors.js';
import {idleMs} from './proxy-route.js';

/** What a request that goes by a proxy says in its options besides. */
export interface ProxiedOptions {
  /** Aborted when nobody waits for the connection any more. */
  calledOff: AbortSignal;
}

type Options = Parameters<HttpsProxyAgent<string>['connect']>[1] & Partial<ProxiedOptions>;

const agents = new Map<string, ProxyAgent>();

/** The one that keeps the connections through this proxy. @throws PoeError `network` where it is of another kind */
export function proxyAgent(proxy: string): ProxyAgent {
  const known = agents.get(proxy);
  if (known) return known;
  const kind = URL.canParse(proxy) ? new URL(proxy).protocol : 'no address';
  if (kind !== 'http:' && kind !== 'https:') throw unspoken(kind);
  const made = new ProxyAgent(proxy, {keepAlive: true, timeout: idleMs});
  agents.set(proxy, made);
  return made;
}

const unspoken = (kind: string): PoeError =>
  new PoeError('network', `The proxy of the environment is of a kind that poe does not speak (${kind})`, {
    hint: 'Name one of http: or https: in HTTPS_PROXY, or have poe.com reached without one: NO_PROXY=poe.com',
  });

/** As it is, a proxy that never answers keeps its connection, and with it the process, for ever. */
class ProxyAgent extends HttpsProxyAgent<string> {
  override async connect(request: ClientRequest, {calledOff, ...options}: Options): Promise<Socket> {
    const stop = new AbortController();
    const hangUp = () => stop.abort();
    calledOff?.addEventListener('abort', hangUp, {once: true});
    try {
      const {keepAlive} = this;
      return await new HttpsProxyAgent(this.proxy, {keepAlive, signal: stop.signal, rejectUnauthorized: true}).connect(
        request,
        options,
      );
    } finally {
      calledOff?.removeEventListener('abort', hangUp);
    }
  }
}
