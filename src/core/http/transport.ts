import {type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as startRequest} from 'node:http';
import type {RequestOptions} from 'node:https';
import {pipeline, Readable} from 'node:stream';
import {urlToHttpOptions} from 'node:url';
import {agentFor} from './connect/agents.js';
import {serverNameOf} from './connect/connect-tcp.js';
import type {ConnectOptions} from './connect/open-connection.js';
import {acceptedEncodings, decompress} from './decompress.js';

/*
 * HTTP over node:http. `fetch` costs 45 ms more CPU at start-up (its module, WASM parser and streams), keeps a copy of every body,
 * and discards the rest of a response that is no longer referenced.
 */

/** A body that is generated while it is sent. */
export interface StreamedBody {
  /** Bytes. */
  length: number;
  /** Starts from the beginning at each call. */
  chunks(): AsyncIterable<Uint8Array>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface TransportRequest {
  method: Method;
  headers: Readonly<Record<string, string>>;
  body?: string | StreamedBody | undefined;
  signal: AbortSignal;
  /** Called when the request has a connection. Over TLS, its handshake has started. */
  onConnected?: (() => void) | undefined;
  /** Called when the whole request has been handed to the operating system. */
  onSent?: (() => void) | undefined;
}

/** The headers of a response. Names are not case-sensitive. */
export type ResponseHeaders = Pick<Headers, 'get'>;

/** A response whose headers have arrived. */
export interface TransportResponse {
  status: number;
  headers: ResponseHeaders;
  incomingHeaders: IncomingHttpHeaders;
  /** The `Set-Cookie` headers. */
  setCookies: readonly string[];
  /** Decompressed. Destroying it, or leaving a loop over it, closes the connection. */
  body: Readable;
}

/** Bytes. Content security policies can be long. */
const maxHeaderSize = 65_536;

/** The server switched to another protocol, which no request asks for. */
class UnexpectedUpgrade extends Error {
  readonly code = 'UNEXPECTED_UPGRADE';
}

/** The connection ended without a response and without an error. */
class ClosedEarly extends Error {
  readonly code = 'ECONNRESET';
}

/**
 * Sends one request and returns when the response headers have arrived, with any status. Does not follow redirects. Has
 * no timeout other than the signal.
 * @throws an error of Node, the reason of the aborted signal, or what generating the body throws
 */
export async function transport(
  url: URL,
  {method, headers, body, signal, onConnected, onSent}: TransportRequest,
): Promise<TransportResponse> {
  signal.throwIfAborted();
  const options: RequestOptions & ConnectOptions = {
    ...addressOf(url),
    method,
    headers: {
      ...headers,
      'Accept-Encoding': acceptedEncodings,
      ...(typeof body === 'object' && {'Content-Length': String(body.length)}),
    },
    agent: await agentFor(url),
    rejectUnauthorized: true,
    maxHeaderSize,
    connectSignal: signal,
  };
  // The agent makes TLS connections for `https:`.
  const request = startRequest(options);
  if (onConnected) request.once('socket', onConnected);
  if (onSent) request.once('finish', onSent);
  const response = responseTo(request, signal);
  if (typeof body === 'object') sendBody(body, request);
  else request.end(body);
  return toTransportResponse(await response);
}

type Address = Pick<RequestOptions, 'protocol' | 'hostname' | 'port' | 'path' | 'auth' | 'servername'>;

const addresses = new WeakMap<URL, {href: string; address: Address}>();

/** A URL as options of a request. Node would read it again for each request, which takes as long as to write one. */
function addressOf(url: URL): Address {
  const {href} = url;
  const known = addresses.get(url);
  // A URL may have been changed since.
  if (known?.href === href) return known.address;
  const {protocol, hostname, port, path, auth} = urlToHttpOptions(url);
  const address = {protocol, hostname, port, path, auth, servername: serverNameOf(url)};
  addresses.set(url, {href, address});
  return address;
}

function sendBody(body: StreamedBody, request: ClientRequest): void {
  const chunks = Readable.from(body.chunks(), {objectMode: false});
  // A pipeline would abort the request without the error.
  chunks.once('error', (error) => request.destroy(error));
  pipeline(chunks, request, () => {});
}

/**
 * Waits for the response headers. Node's own `signal` option is not used: in Node 20 it destroys the connection with an
 * error that cannot be caught if the whole response has arrived but was not read.
 */
function responseTo(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      request.destroy();
      reject(reasonOf(signal));
    };
    let hasResponse = false;
    request.once('response', (response) => {
      hasResponse = true;
      // A server that answers early may stop reading. The rest of the body would keep the connection, and the process, open.
      response.once('close', () => {
        if (!request.writableFinished) request.destroy();
      });
      resolve(response);
    });
    request.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new UnexpectedUpgrade());
    });
    // This listener stays after the response, so that later errors reach the reader of the body.
    request.on('error', reject);
    request.once('close', () => {
      signal.removeEventListener('abort', abort);
      // To create an error takes longer than everything else here.
      if (!hasResponse) reject(new ClosedEarly());
    });
    signal.addEventListener('abort', abort, {once: true});
  });
}

const reasonOf = ({reason}: AbortSignal): Error => (reason instanceof Error ? reason : new Error('Aborted'));

/** Reports how many bytes of a body have been handed to the network so far. */
export function countSent({length, chunks}: StreamedBody, onSent: (bytes: number) => void): StreamedBody {
  return {
    length,
    async *chunks() {
      let sent = 0;
      for await (const chunk of chunks()) {
        yield chunk;
        onSent((sent += chunk.byteLength));
      }
    },
  };
}

function toTransportResponse(message: IncomingMessage): TransportResponse {
  const {statusCode = 0, headers} = message;
  // An empty body may have an encoding. Part of an error is better than none.
  const isWhole = statusCode >= 200 && statusCode < 300 && statusCode !== 204 && headers['content-length'] !== '0';
  return {
    status: statusCode,
    headers: toResponseHeaders(headers),
    incomingHeaders: headers,
    setCookies: headers['set-cookie'] ?? [],
    // The reader receives an error. Without this listener, an error after the reader has left would end the process.
    body: decompress(message, headers['content-encoding'], {isWhole}).on('error', () => {}),
  };
}

export const toResponseHeaders = (headers: IncomingHttpHeaders): ResponseHeaders => ({
  get(name) {
    const value = headers[name.toLowerCase()];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  },
});
