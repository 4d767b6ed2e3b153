import {Agent, type ClientRequestArgs} from 'node:http';
import {connectTcp} from './connect-tcp.js';
import {type Connect, type ConnectOptions, type Created, openConnection, pooling} from './open-connection.js';
import {type Proxy, proxyFor} from './proxy-settings.js';
import {noTlsSessions, tlsSessions} from './tls-sessions.js';

const agents = new Map<string, Promise<Agent>>();

/**
 * The shared agent for requests to a URL. It keeps connections alive, uses the proxy that the environment sets, and tries all
 * addresses of a host. @throws PoeError `network` if the proxy setting is wrong
 */
export async function agentFor(url: URL): Promise<Agent> {
  const proxy = proxyFor(url);
  const key = JSON.stringify([url.protocol, proxy]);
  const agent = agents.get(key) ?? createAgent(url, proxy, key);
  agents.set(key, agent);
  return agent;
}

async function createAgent({protocol}: URL, proxy: Proxy | undefined, route: string): Promise<Agent> {
  const connect = proxy ? await proxyConnect(proxy) : connectTcp;
  if (protocol !== 'https:' && protocol !== 'wss:') return new PlainAgent(connect);
  const {TlsAgent} = await import('./tls-agent.js');
  // A live channel is on another host each time.
  return new TlsAgent(connect, protocol === 'wss:' ? noTlsSessions : tlsSessions, route);
}

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

  override createConnection(options: ClientRequestArgs & Partial<ConnectOptions>, callback: Created): undefined {
    void openConnection(this.#connect, options, callback, (socket) => socket);
  }
}
