import type {ClientRequestArgs, IncomingMessage} from 'node:http';
import {type ClientOptions, WebSocket} from 'ws';
import {interruption, PoeError} from '../../errors.js';
import {cloudflareError, rateLimited} from '../protocol/response.js';
import {idleTimeoutError} from '../../http/idle-timeout.js';
import {networkError} from '../../http/network-error.js';
import type {ProxiedOptions} from '../../http/proxy-agent.js';
import {isLocalName, loopbackLookup, proxyFor} from '../../http/proxy-route.js';
import {toResponseHeaders} from '../../http/transport.js';

/** Poe cuts sockets that are idle for a minute. */
const pingEveryMs = 20_000;
const largestFrame = 32 * 1024 * 1024;
/** How long a polite goodbye may take. */
const goodbyeMs = 300;

export interface Socket {
  readonly isOpen: boolean;
  close(): void;
}

export interface SocketOptions {
  origin: string;
  userAgent: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Whether the site wants to hear a ping as text too (2025-12 to 2026-08). */
  saysPing?: boolean;
  /** A frame's text. */
  onFrame(text: string): void;
  /** The connection ended without `close()` having been called. */
  onClose(): void;
}

/**
 * Opens a socket and keeps it alive. No cookies are sent there: Poe does not need them.
 * @throws PoeError `network`, `timeout`, `interrupted`; `refused` when the server answers with anything but a socket
 */
export async function openSocket(
  url: URL,
  {origin, userAgent, timeoutMs, signal, saysPing = false, onFrame, onClose}: SocketOptions,
): Promise<Socket> {
  if (signal?.aborted) throw interruption(signal);
  const proxy = proxyFor(url);
  const connecting = new AbortController();
  const options: ClientOptions & ClientRequestArgs & ProxiedOptions = {
    origin,
    headers: {'User-Agent': userAgent, Pragma: 'no-cache', 'Cache-Control': 'no-cache'},
    agent: proxy ? (await import('../../http/proxy-agent.js')).proxyAgent(proxy, url) : undefined,
    connectSignal: connecting.signal,
    lookup: isLocalName(url.hostname) ? loopbackLookup : undefined,
    maxPayload: largestFrame,
    rejectUnauthorized: true,
  };
  const socket = new WebSocket(url, options);
  // Listening starts before the socket opens, so that a frame that comes with the handshake is not missed.
  socket.on('message', (data: Buffer) => onFrame(data.toString('utf8')));
  // So does this: a frame that is too large may come with it too, and what nobody listens to would end the program.
  socket.on('error', () => socket.terminate());
  await opened(socket, url, timeoutMs, signal).catch((error: unknown) => {
    connecting.abort();
    throw error;
  });
  const stopPinging = keepAlive(socket, saysPing);
  let isWanted = true;
  socket.on('close', () => {
    stopPinging();
    if (isWanted) onClose();
  });
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    close() {
      isWanted = false;
      stopPinging();
      socket.close(1000);
      const goodbye = setTimeout(() => socket.terminate(), goodbyeMs);
      socket.once('close', () => clearTimeout(goodbye));
    },
  };
}

function opened(socket: WebSocket, url: URL, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: PoeError) => {
      settle();
      socket.terminate();
      reject(error);
    };
    const stop = () => fail(interruption(signal));
    const timer = setTimeout(() => fail(idleTimeoutError(timeoutMs, url)), timeoutMs);
    const onError = (error: Error) => fail(networkError(error, url));
    const onRefusal = (_request: unknown, response: IncomingMessage) => fail(refusal(response, url));
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      socket.off('error', onError);
      socket.off('unexpected-response', onRefusal);
    };
    socket.once('open', () => {
      settle();
      resolve();
    });
    socket.once('error', onError);
    socket.once('unexpected-response', onRefusal);
    signal?.addEventListener('abort', stop, {once: true});
  });
}

function refusal({statusCode = 0, headers}: IncomingMessage, url: URL): PoeError {
  if (headers['cf-mitigated'] === 'challenge') return cloudflareError(url.host, statusCode);
  if (statusCode === 429) return rateLimited(toResponseHeaders(headers));
  const code = statusCode >= 500 ? 'unavailable' : 'refused';
  return new PoeError(code, `${url.host} refused the live connection (HTTP ${statusCode})`, {
    hint: 'Try again in a minute.',
  });
}

const textPing = '{"type":"ping"}';

/** Pings, and drops a connection that no longer answers. */
function keepAlive(socket: WebSocket, saysPing: boolean): () => void {
  let isAnswered = true;
  if (saysPing) socket.send(textPing);
  // Whatever comes shows that somebody is there.
  for (const sign of ['pong', 'ping', 'message']) socket.on(sign, () => (isAnswered = true));
  const timer = setInterval(() => {
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
    if (saysPing) socket.send(textPing);
  }, pingEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
