import type {ServerResponse} from 'node:http';
import {errorBody, errorEvents, errorHeaders, errorStatus, type ErrorFormat} from '../errors/error-format.js';
import type {Written} from '../errors/failed-response.js';
import {toServeError} from '../errors/to-serve-error.js';

/** On every response: nothing of it may be stored, or be taken for another type. */
const commonHeaders = {'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff'};

interface Options {
  status?: number;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends a whole body. */
export function respond(
  response: ServerResponse,
  type: string,
  body: string | Uint8Array,
  {status = 200, headers}: Options = {},
): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, {...commonHeaders, ...headers, 'Content-Type': type, 'Content-Length': String(length)});
  response.end(body);
}

export const respondJson = (response: ServerResponse, value: unknown, options?: Options): void =>
  respond(response, 'application/json', JSON.stringify(value), options);

/** Starts a stream of server-sent events. */
export function startEvents(response: ServerResponse, headers?: Readonly<Record<string, string>>): void {
  // Not by `writeHead`: what that sends cannot be read afterwards, as `respondError` does.
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.writeHead(200, {
    ...commonHeaders,
    ...headers,
    // A proxy must not collect the events.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
}

/** Reports any error: as a response, or as the last events of a stream that has started. */
export function respondError(
  {response, facts}: {response: ServerResponse; facts: Written},
  cause: unknown,
  format: ErrorFormat,
): void {
  if (response.destroyed || response.writableEnded) return;
  const error = toServeError(cause);
  if (!response.headersSent) {
    const {type, body} = errorBody(error, format);
    return respond(response, type, body, {status: errorStatus(error, format), headers: errorHeaders(error)});
  }
  const isStream = String(response.getHeader('Content-Type')).startsWith('text/event-stream');
  // A program would take the part of another body for all of it.
  // The empty line ends an event of which only a part has been sent.
  if (isStream) response.end(`\n${errorEvents(error, format, facts)}`);
  else response.destroy();
}
