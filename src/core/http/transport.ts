import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http';
import {Agent as HttpsAgent, request as httpsRequest, type RequestOptions} from 'node:https';
import {pipeline, Readable} from 'node:stream';
import {acceptedEncodings, decompress} from './decompress.js';
import type {ProxiedOptions} from './proxy-agent.js';
import {idleMs, isLocalName, loopbackLookup, proxyFor} from './proxy-route.js';

/*
 * One exchange over Node's own HTTP. `fetch` would do the same with 45 ms more of CPU for its module, WASM parser and streams, keeps
 * a copy of every body, and throws away what is still to come of an answer that nobody holds.
 */

/** A body that is made while it is sent. */
export interface StreamedBody {
  /** Bytes. */
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Outgoing {
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string | StreamedBody;
  signal: AbortSignal;
}

/** Headers of an answer, by name in any letter case. */
export type AnswerHeaders = Pick<Headers, 'get'>;

/** An answer that has begun. */
export interface Incoming {
  status: number;
  headers: AnswerHeaders;
  setCookies: readonly string[];
  /** Unpacked. Leaving it, or destroying it, ends the exchange. */
  body: Readable;
}

/** Bytes. What a site says of its contents to browsers may be long. */
const maxHeaderSize = 65_536;

/** A proxy let nobody through. */
class ProxyRefusal extends Error {
  readonly code = 'PROXY_REFUSED';

  constructor(status: number) {
    super(`The proxy answered CONNECT with HTTP ${status}`);
  }
}

/**
 * Makes one request and comes back when its answer begins, whatever its status; redirects are not followed. It has no time limit but
 * the signal's.
 * @throws Error of Node, or what making the body throws
 */
export async function transport(url: URL, {method, headers, body, signal}: Outgoing): Promise<Incoming> {
  signal.throwIfAborted();
  const options: RequestOptions & ProxiedOptions = {
    method,
    headers: {
      ...headers,
      'Accept-Encoding': acceptedEncodings,
      ...(typeof body === 'object' && {'Content-Length': String(body.length)}),
    },
    agent: await agentFor(url),
    lookup: isLocalName(url.hostname) ? loopbackLookup : undefined,
    rejectUnauthorized: true,
    maxHeaderSize,
    calledOff: signal,
  };
  const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
  const answer = answered(request, signal);
  if (typeof body === 'object') pipeline(Readable.from(body.chunks(), {objectMode: false}), request, () => {});
  else request.end(body);
  return incoming(await answer);
}

/**
 * Node's own handling of a signal gives the connection an error, of which nobody hears where the whole answer has come and was not
 * read (Node 20).
 */
function answered(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      request.destroy();
      reject(new Error('The exchange was called off'));
    };
    request.once('response', resolve);
    // Otherwise the proxy's refusal would be handed on as if it were the answer of the host behind it.
    request.once('proxyConnect', ({statusCode}: {statusCode: number}) => {
      if (statusCode !== 200) request.destroy(new ProxyRefusal(statusCode));
    });
    // Stays, for what happens later is told to whoever reads the answer.
    request.on('error', reject);
    request.once('close', () => signal.removeEventListener('abort', stop));
    signal.addEventListener('abort', stop, {once: true});
  });
}

/** A body that tells how many of its bytes have been taken so far. */
export function counted({length, chunks}: StreamedBody, onSent: (bytes: number) => void): StreamedBody {
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

function incoming(message: IncomingMessage): Incoming {
  const {statusCode = 0, headers} = message;
  return {
    status: statusCode,
    headers: headersOf(headers),
    setCookies: headers['set-cookie'] ?? [],
    // Its reader is told of an error; where there is none (any more), nobody is to be.
    body: decompress(message, headers['content-encoding']).on('error', () => {}),
  };
}

export const headersOf = (raw: IncomingHttpHeaders): AnswerHeaders => ({
  get(name) {
    const value = raw[name.toLowerCase()];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  },
});

let plain: HttpAgent | undefined;
let secure: HttpsAgent | undefined;

/** Keeps connections, straight ones and those through each proxy. */
async function agentFor(url: URL): Promise<HttpAgent> {
  const proxy = proxyFor(url);
  if (proxy) return (await import('./proxy-agent.js')).proxyAgent(proxy);
  const options = {keepAlive: true, timeout: idleMs};
  if (url.protocol === 'https:') return (secure ??= new HttpsAgent(options));
  return (plain ??= new HttpAgent(options));
}
