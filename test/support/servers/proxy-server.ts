import {once} from 'node:events';
import {createServer as createHttpServer, type IncomingHttpHeaders} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import {type AddressInfo, connect, type Server} from 'node:net';
import {readFileSync} from 'node:fs';
import type {Duplex} from 'node:stream';
import {onTestFinished, vi} from 'vitest';

/* Proxies on this machine. */

/** A certificate for `localhost`, with its key. Programs trust it with `NODE_EXTRA_CA_CERTS`. */
export const localhostPem = 'test/fixtures/untrusted-localhost.pem';

export interface TestProxy {
  /** `127.0.0.1:<port>`, or `localhost:<port>` if it speaks TLS. */
  host: string;
  /** The targets that were requested: host and port. */
  targets: string[];
  /** The headers of each request. */
  headers: IncomingHttpHeaders[];
}

interface ProxyOptions {
  /** What it answers to CONNECT. Default: 200. */
  status?: number;
  /** Where it connects to, whatever the target. Default: the target. */
  forwardTo?: number;
  tls?: boolean;
}

/** Starts a proxy that understands CONNECT. */
export async function connectProxy({status = 200, forwardTo, tls = false}: ProxyOptions = {}): Promise<TestProxy> {
  const pem = readFileSync(localhostPem);
  const server = tls ? createHttpsServer({key: pem, cert: pem}) : createHttpServer();
  const targets: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  server.on('connect', (request, client: Duplex) => {
    targets.push(request.url ?? '');
    headers.push(request.headers);
    client.on('error', () => {});
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
    const port = forwardTo ?? Number(request.url?.split(':').at(-1));
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    join(client, port);
  });
  const port = await listen(server);
  return {host: `${tls ? 'localhost' : '127.0.0.1'}:${port}`, targets, headers};
}

/** Connects a client to a port of this machine. */
export function join(client: Duplex, port: number): void {
  const target = connect(port, '127.0.0.1');
  target.on('error', () => client.destroy());
  client.on('close', () => target.destroy());
  target.on('close', () => client.destroy());
  client.pipe(target).pipe(client);
}

/** Listens on this machine until the test ends. @returns the port */
export async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connections = new Set<Duplex>();
  server.on('connection', (connection: Duplex) => connections.add(connection));
  onTestFinished(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Sets the proxy variables of this process until the test ends, and no others. */
export function stubProxies(variables: Record<string, string> = {}): void {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'HTTP_PROXY']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}
