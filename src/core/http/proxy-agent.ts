import type {ClientRequest} from 'node:http';
import type {Socket} from 'node:net';
import {HttpsProxyAgent} from 'https-proxy-agent';
import {PoeError} from '../errors.js';
import {keepAliveMs} from './proxy-route.js';

/** A request option that this agent reads. */
export interface ProxiedOptions {
  /** Aborts connecting to the proxy. */
  connectSignal: AbortSignal;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1] & Partial<ProxiedOptions>;

const agents = new Map<string, ProxyAgent>();

/** The shared agent for a proxy. @throws PoeError `network` if its protocol is not supported */
export function proxyAgent(proxy: string, target: URL): ProxyAgent {
  const existing = agents.get(proxy);
  if (existing) return existing;
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : 'none';
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new PoeError('network', `Unsupported proxy protocol: ${protocol}`, {
      hint: 'Use an http: or https: proxy.',
      remedy: 'fix_proxy',
      host: target.hostname,
    });
  }
  const agent = new ProxyAgent(proxy, {keepAlive: true, timeout: keepAliveMs});
  agents.set(proxy, agent);
  return agent;
}

/** Stops connecting when the request is aborted. Without that, a proxy that never responds keeps the process alive. */
class ProxyAgent extends HttpsProxyAgent<string> {
  override async connect(request: ClientRequest, {connectSignal, ...options}: ConnectOptions): Promise<Socket> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    connectSignal?.addEventListener('abort', abort, {once: true});
    try {
      const {keepAlive} = this;
      return await new HttpsProxyAgent(this.proxy, {keepAlive, signal: stop.signal, rejectUnauthorized: true}).connect(
        request,
        options,
      );
    } finally {
      connectSignal?.removeEventListener('abort', abort);
    }
  }
}
