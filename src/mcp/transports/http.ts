import type {IncomingMessage, ServerResponse} from 'node:http';
import type {McpHost, McpLimits} from '../host.js';
import {HttpSessions} from './http-sessions.js';
import {batch, type Rejection, rejectionOf} from './rejection.js';

/** A request of a client whose token, host and origin have been checked. */
interface ClientRequest {
  request: IncomingMessage;
  response: ServerResponse;
  /** The JSON of the body. */
  body: unknown;
  /** Names the client, and what it may do. */
  owner: string;
  /** Aborted when the client disconnects, or may no longer use the server. */
  signal: AbortSignal;
}

/**
 * MCP over Streamable HTTP. A reply cannot be resumed, so a client that disconnects cancels its calls. The server sends nothing by itself,
 * so there is no `GET`.
 */
export class McpOverHttp {
  readonly #sessions = new HttpSessions();

  /** @param open what a client may use and do, for a new session */
  async handle(
    {request, response, body, owner, signal}: ClientRequest,
    open: () => Promise<{host: McpHost; limits: McpLimits}>,
  ): Promise<void> {
    const rejection = request.method === 'POST' ? rejectionOfBody(body, request) : undefined;
    if (rejection) return answer(response, 400, rejection);
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string' && request.method === 'DELETE') return refuse(response, 400, 'There is no session.');
    let session = typeof id === 'string' ? this.#sessions.find(id, owner) : undefined;
    // A client starts another session then.
    if (typeof id === 'string' && !session) return refuse(response, 404, 'There is no such session.');
    if (!session) {
      if (!isInitialize(body)) return refuse(response, 400, 'There is no session. Send an initialize request first.');
      const {host, limits} = await open();
      session = await this.#sessions.open(owner, host, limits);
      if (!session) return refuse(response, 503, 'There are too many sessions.');
    }
    // The transport reads the headers only: the body has been parsed.
    const url = new URL('http://localhost/mcp');
    const web = new Request(url, {method: request.method ?? 'POST', headers: headersOf(request)});
    const answered = await session.transport.handleRequest(web, {
      parsedBody: body,
      authInfo: {token: '', clientId: owner, scopes: [], extra: {signal}},
    });
    await send(answered, response);
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }
}

const isInitialize = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';

/** The last version of the protocol that has batches, which clients without the header have. */
const lastWithBatches = '2025-03-26';

function rejectionOfBody(body: unknown, {headers}: IncomingMessage): Rejection | undefined {
  if (!Array.isArray(body)) return rejectionOf(body);
  const version = headers['mcp-protocol-version'] ?? lastWithBatches;
  return version > lastWithBatches || body.some(isInitialize) ? batch : undefined;
}

const refuse = (response: ServerResponse, status: number, message: string): void =>
  answer(response, status, {jsonrpc: '2.0', id: null, error: {code: -32_000, message}});

function answer(response: ServerResponse, status: number, rejection: Rejection): void {
  response.writeHead(status, {'Content-Type': 'application/json', 'Cache-Control': 'no-store'});
  response.end(JSON.stringify(rejection));
}

/** Only the headers that the transport reads. */
const headersOf = ({headers}: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    ['accept', 'content-type', 'mcp-session-id', 'mcp-protocol-version'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );

/** Sends an answer, as fast as the client reads it. */
async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, {...Object.fromEntries(answer.headers), 'X-Content-Type-Options': 'nosniff'});
  if (!answer.body) return void response.end();
  response.flushHeaders();
  const reader = answer.body.getReader();
  response.once('close', () => void reader.cancel().catch(() => {}));
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!response.write(part.value))
      await new Promise((resolve) => void response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}
