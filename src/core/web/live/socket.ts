import type {IncomingMessage} from 'node:http';
import type {RequestOptions} from 'node:https';
import {type ClientOptions, WebSocket} from 'ws';
import {interruption, PoeError} from '../../errors.js';
import {cloudflareError, rateLimited} from '../protocol/response.js';
import {idleTimeoutError} from '../../http/idle-timeout.js';
import {collectGarbage} from '../../http/collect-garbage.js';
import {networkError} from '../../http/network-error.js';
import {agentFor} from '../../http/connect/agents.js';
import {serverNameOf} from '../../http/connect/connect-tcp.js';
import type {ConnectOptions} from '../../http/connect/open-connection.js';
import {toResponseHeaders} from '../../http/transport.js';

/** Poe closes sockets that are idle for a minute. */
const pingIntervalMs = 20_000;
const maxFrameBytes = 128 * 1024 * 1024;
/** How long the server may take to confirm that the socket is closed. */
const closeTimeoutMs = 300;

export interface Socket {
  readonly isOpen: boolean;
  close(): void;
}

export interface SocketOptions {
  origin: string;
  userAgent: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Whether the site expects pings as text messages, too (seen from 2025-12 to 2026-08). */
  sendsTextPings?: boolean;
  /** Called with the text of each frame. */
  onFrame(text: string): void;
  /** Called when the connection ends, unless by `close()`. */
  onClose(): void;
}

/**
 * Opens a WebSocket and keeps it alive with pings. Sends no cookies: Poe does not need them.
 * @throws PoeError `network`, `timeout`, `interrupted`; `refused`, `unavailable`, `rate_limited` or `cloudflare` by the response
 */
export async function openSocket(
  url: URL,
  {origin, userAgent, timeoutMs, signal, sendsTextPings = false, onFrame, onClose}: SocketOptions,
): Promise<Socket> {
  const agent = await agentFor(url);
  if (signal?.aborted) throw interruption(signal);
  const connecting = new AbortController();
  const options: ClientOptions & RequestOptions & ConnectOptions = {
    origin,
    headers: {'User-Agent': userAgent, Pragma: 'no-cache', 'Cache-Control': 'no-cache'},
    agent,
    connectSignal: connecting.signal,
    servername: serverNameOf(url),
    maxPayload: maxFrameBytes,
    rejectUnauthorized: true,
  };
  const socket = new WebSocket(url, options);
  // Listen before the socket opens: a frame may arrive together with the handshake.
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    // Before that, ws needs the bytes.
    queueMicrotask(() => {
      collectGarbage(text.length);
      onFrame(text);
      // What it was read from would still be there when the next one arrives.
      setImmediate(collectGarbage, text.length);
    });
  });
  // So may one that is too large, and an unhandled error event would end the program.
  socket.on('error', () => socket.terminate());
  await waitForOpen(socket, url, timeoutMs, signal).catch((error: unknown) => {
    connecting.abort();
    throw error;
  });
  const stopPinging = keepAlive(socket, sendsTextPings);
  let isClosing = false;
  socket.on('close', () => {
    stopPinging();
    if (!isClosing) onClose();
  });
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    close() {
      isClosing = true;
      stopPinging();
      socket.close(1000);
      const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
      socket.once('close', () => clearTimeout(timer));
    },
  };
}

function waitForOpen(socket: WebSocket, url: URL, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: PoeError) => {
      cleanUp();
      socket.terminate();
      reject(error);
    };
    const onAbort = () => fail(interruption(signal));
    const timer = setTimeout(() => fail(idleTimeoutError(timeoutMs, url)), timeoutMs);
    const onError = (error: Error) => fail(error instanceof PoeError ? error : networkError(error, url));
    const onResponse = (_request: unknown, response: IncomingMessage) => fail(refusedError(response, url));
    const cleanUp = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('unexpected-response', onResponse);
    };
    socket.once('open', () => {
      cleanUp();
      resolve();
    });
    socket.once('error', onError);
    socket.once('unexpected-response', onResponse);
    signal?.addEventListener('abort', onAbort, {once: true});
  });
}

function refusedError({statusCode = 0, headers}: IncomingMessage, url: URL): PoeError {
  if (headers['cf-mitigated'] === 'challenge') return cloudflareError(url.host, statusCode);
  if (statusCode === 429) return rateLimited(toResponseHeaders(headers));
  const code = statusCode >= 500 ? 'unavailable' : 'refused';
  return new PoeError(code, `${url.host} refused the live connection (HTTP ${statusCode})`, {
    hint: 'Try again in a minute.',
  });
}

const textPing = '{"type":"ping"}';

/** Sends pings, and terminates a connection from which nothing arrived since the last one. @returns a function that stops */
function keepAlive(socket: WebSocket, sendsTextPings: boolean): () => void {
  let isAlive = true;
  if (sendsTextPings) socket.send(textPing);
  for (const event of ['pong', 'ping', 'message']) socket.on(event, () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    if (sendsTextPings) socket.send(textPing);
  }, pingIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
