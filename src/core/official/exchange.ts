import {Readable} from 'node:stream';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {quotable} from '../secrets.js';
import {headersOf, silent, tooMuchHint} from '../web/http.js';
import {networkError} from '../web/network.js';
import {dispatcherFor} from '../web/route.js';
import {Silence} from '../web/silence.js';

/** A body that is made while it is sent. */
export interface StreamedBody {
  /** Bytes. */
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Request {
  method: 'GET' | 'POST';
  /** With the key; they go to this address only, for redirects are not followed. */
  headers: Readonly<Record<string, string>>;
  body?: string | StreamedBody;
}

export interface ExchangeOptions {
  /** What is asked, for the log. */
  name: string;
  /** Silence allowed, in milliseconds; it counts from the last byte that came or was taken. */
  timeoutMs: number;
  log: Log;
  signal: AbortSignal | undefined;
  /** Is told how many bytes of a streamed body have been taken so far. */
  onSent?: (bytes: number) => void;
}

/** An answer that has begun, and what watches over it. */
export interface Begun {
  status: number;
  headers: Headers;
  chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Hangs up. */
  close(): void;
}

/** Makes one request and comes back when its answer begins, whatever its status. @throws PoeError `network`, `timeout`, `interrupted` */
export async function exchange(url: URL, request: Request, options: ExchangeOptions): Promise<Begun> {
  const {name, timeoutMs, log, signal} = options;
  const silence = new Silence(timeoutMs);
  const stop = new AbortController();
  const started = performance.now();
  const told = (status: number | string) => log({what: name, status, ms: performance.now() - started});
  const why = (error: unknown): PoeError => {
    if (signal?.aborted) return interruption(signal);
    if (silence.signal.aborted) return silent(timeoutMs, url, error);
    return error instanceof PoeError ? error : networkError(error, url);
  };
  const close = () => {
    silence.end();
    stop.abort();
  };
  try {
    const all = AbortSignal.any([silence.signal, stop.signal, ...(signal ? [signal] : [])]);
    const {status, headers, body} = await asked(url, request, all, (sent) => {
      silence.heard();
      options.onSent?.(sent);
    });
    silence.heard();
    const id = headers.get('x-request-id');
    told(id === null ? status : `${status} (${quotable(id, 100)})`);
    return {status, headers, chunks: watched(body, silence, why), close};
  } catch (error) {
    told('failed');
    close();
    throw why(error);
  }
}

interface Raw {
  status: number;
  headers: Headers;
  body: unknown;
}

async function asked(
  url: URL,
  {method, headers, body}: Request,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<Raw> {
  const dispatcher = await dispatcherFor(url);
  if (typeof body === 'object') {
    // fetch would keep a copy of what is sent.
    const [{request}, {unpacked}] = await Promise.all([import('undici'), import('../web/packed.js')]);
    const answer = await request(url, {
      method,
      headers: {...headers, 'Content-Length': String(body.length)},
      body: Readable.from(counted(body.chunks(), onSent)),
      signal,
      // Silence is watched over here.
      headersTimeout: 0,
      bodyTimeout: 0,
      dispatcher,
    });
    const answered = headersOf(answer.headers);
    return {status: answer.statusCode, headers: answered, body: unpacked(answer.body, answered)};
  }
  // Node and the undici package each have a type of their own for a dispatcher; hence `unknown`, and the `as` below.
  const init: Omit<RequestInit, 'dispatcher'> & {dispatcher?: unknown} = {
    method,
    headers,
    body,
    redirect: 'manual',
    signal,
    dispatcher,
  };
  const {status, headers: answered, body: stream} = await fetch(url, init as RequestInit);
  return {status, headers: answered, body: stream};
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onSent: (bytes: number) => void) {
  let sent = 0;
  for await (const chunk of chunks) {
    yield chunk;
    onSent((sent += chunk.byteLength));
  }
}

function watched(body: unknown, silence: Silence, why: (error: unknown) => PoeError) {
  // In Node a response's body is an async iterable; the DOM's type does not say so. It is taken hold of at once: of a response
  // that nobody holds, and whose body nobody has begun to read, Node throws away what is still to come (undici, seen in 2026).
  return heard(body ? (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]() : undefined, silence, why);
}

async function* heard(
  chunks: AsyncIterator<Uint8Array> | undefined,
  silence: Silence,
  why: (error: unknown) => PoeError,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (;;) {
      const next = await chunks?.next();
      if (!next || next.done) return;
      silence.heard();
      yield next.value;
    }
  } catch (error) {
    throw why(error);
  } finally {
    await chunks?.return?.().catch(() => {});
  }
}

/** Answers larger than this are not read: the list of models has about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

/** The whole of an answer. @throws PoeError */
export async function textOf({chunks}: {chunks: AsyncIterable<Uint8Array>}): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new PoeError('not_understood', `Poe's API sent more than ${maxBytes} bytes`, {hint: tooMuchHint});
    parts.push(chunk);
  }
  // A byte order mark at the beginning is left out.
  return new TextDecoder().decode(Buffer.concat(parts));
}
