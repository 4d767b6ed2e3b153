import {Agent, type ClientRequestArgs} from 'node:http';
import {connectTcp} from './connect-tcp.js';
import {type Connect, type ConnectOptions, type Created, handOver, pooling, targetOf} from './open-connection.js';
import {type Proxy, proxyFor} from './proxy-settings.js';
import type {TlsAgent} from './tls-agent.js';
import {noTlsSessions, tlsSessions} from './tls-sessions.js';

const agents = new Map<string, Promise<TlsAgent | PlainAgent>>();

/**
 * The shared agent for requests to a URL. It keeps connections alive, uses the proxy that the environment sets, and tries all
 * addresses of a host. @throws PoeError `network` if the proxy setting is wrong
 */
export async function agentFor(url: URL): Promise<TlsAgent | PlainAgent> {
  const proxy = proxyFor(url);
  const key = JSON.stringify([url.protocol, proxy]);
  const agent = agents.get(key) ?? createAgent(url, proxy, key);
  agents.set(key, agent);
  return agent;
}

/** Opens a TLS connection for the next request to a server, which reports if that fails. Sends nothing. Never throws. */
export async function prepareConnection(url: URL): Promise<void> {
  if (!isTls(url)) return;
  const agent = await agentFor(url).catch(() => undefined);
  agent?.prepare(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port) || 443);
}

async function createAgent(url: URL, proxy: Proxy | undefined, route: string): Promise<TlsAgent | PlainAgent> {
  const connect = proxy ? await proxyConnect(proxy) : connectTcp;
  if (!isTls(url)) return new PlainAgent(connect);
  const {TlsAgent} = await import('./tls-agent.js');
  // A live channel is on another host each time.
  return new TlsAgent(connect, url.protocol === 'wss:' ? noTlsSessions : tlsSessions, route);
}

const isTls = ({protocol}: URL): boolean => protocol === 'https:' || protocol === 'wss:';

async function proxyConnect(proxy: Proxy): Promise<Connect> {
  const {connectThroughProxy} = await import('./proxy-connection.js');
  return (target, signal) => connectThroughProxy(proxy, target, signal);
}

class PlainAgent extends Agent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super(pooling);
    this.#connect = connect;
  }

  prepare(): void {
    // Connecting takes no time on this machine.
  }

  override createConnection(options: ClientRequestArgs & Partial<ConnectOptions>, callback: Created): undefined {
    const {connectSignal = new AbortController().signal} = options;
    void handOver(this.#connect(targetOf(options), connectSignal), callback);
  }
}
