import type {ClientRequest} from 'node:http';
import type {Socket} from 'node:net';
import {HttpsProxyAgent} from 'https-proxy-agent';
import {idleMs} from './route.js';

/** What a request that goes by a proxy says in its options besides. */
export interface ProxiedOptions {
  /** Aborted when nobody waits for the connection any more. */
  calledOff: AbortSignal;
}

type Options = Parameters<HttpsProxyAgent<string>['connect']>[1] & Partial<ProxiedOptions>;

const agents = new Map<string, ProxyAgent>();

/** The one that keeps the connections through this proxy. */
export function proxyAgent(proxy: string): ProxyAgent {
  const known = agents.get(proxy);
  if (known) return known;
  const made = new ProxyAgent(proxy, {keepAlive: true, timeout: idleMs});
  agents.set(proxy, made);
  return made;
}

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
