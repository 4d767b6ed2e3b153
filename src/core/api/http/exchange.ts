import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import {quote} from '../../redact.js';
import {networkError} from '../../http/network-error.js';
import {IdleTimeout, idleTimeoutError} from '../../http/idle-timeout.js';
import {type AnswerHeaders, counted, type StreamedBody, transport} from '../../http/transport.js';

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
export interface StartedResponse {
  status: number;
  headers: AnswerHeaders;
  chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Hangs up. */
  close(): void;
}

/** Makes one request and comes back when its answer begins, whatever its status. @throws PoeError `network`, `timeout`, `interrupted` */
export async function startRequest(
  url: URL,
  {method, headers, body}: Request,
  options: ExchangeOptions,
): Promise<StartedResponse> {
  const {name, timeoutMs, log, signal} = options;
  const silence = new IdleTimeout(timeoutMs);
  const stop = new AbortController();
  const started = performance.now();
  const told = (status: number | string) => log({what: name, status, ms: performance.now() - started});
  const why = (error: unknown): PoeError => {
    if (signal?.aborted) return interruption(signal);
    if (silence.signal.aborted) return idleTimeoutError(timeoutMs, url, error);
    return error instanceof PoeError ? error : networkError(error, url);
  };
  const onSent = (bytes: number) => {
    silence.touch();
    options.onSent?.(bytes);
  };
  const close = () => {
    silence.end();
    stop.abort();
  };
  try {
    const all = AbortSignal.any([silence.signal, stop.signal, ...(signal ? [signal] : [])]);
    const sent = typeof body === 'object' ? counted(body, onSent) : body;
    const answer = await transport(url, {method, headers, body: sent, signal: all});
    const {status} = answer;
    silence.touch();
    const id = answer.headers.get('x-request-id');
    told(id === null ? status : `${status} (${quote(id, 100)})`);
    return {status, headers: answer.headers, chunks: heard(answer.body, silence, why), close};
  } catch (error) {
    told('failed');
    close();
    throw why(error);
  }
}

async function* heard(
  chunks: AsyncIterable<Uint8Array>,
  silence: IdleTimeout,
  why: (error: unknown) => PoeError,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of chunks) {
      silence.touch();
      yield chunk;
    }
  } catch (error) {
    throw why(error);
  }
}

/** Answers larger than this are not read: the list of models has about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

/** The whole of an answer. @throws PoeError */
export async function readText({chunks}: {chunks: AsyncIterable<Uint8Array>}): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new PoeError('not_understood', `Poe's API sent more than ${maxBytes} bytes`, {
        hint: 'Check the address. If it is right, try again later.',
      });
    parts.push(chunk);
  }
  // A byte order mark at the beginning is left out.
  return new TextDecoder().decode(Buffer.concat(parts));
}
