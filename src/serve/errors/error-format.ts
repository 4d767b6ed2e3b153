import {failedResponse, type Written} from './failed-response.js';
import type {FailureKind, ServeError} from './serve-error.js';
import {maybeChargedStatus} from './to-serve-error.js';

/** How errors are written: as OpenAI, Anthropic or JSON-RPC do, as events of OpenAI's Responses, or as text. */
export type ErrorFormat = 'openai' | 'responses' | 'anthropic' | 'jsonrpc' | 'text';

const openaiTypes: Readonly<Record<FailureKind, string>> = {
  invalid_request: 'invalid_request_error',
  unauthenticated: 'authentication_error',
  out_of_points: 'insufficient_quota',
  forbidden: 'permission_error',
  not_found: 'not_found_error',
  too_large: 'request_too_large',
  rate_limited: 'rate_limit_error',
  timeout: 'timeout_error',
  unavailable: 'upstream_error',
  internal: 'api_error',
};

const anthropicTypes: Readonly<Record<FailureKind, string>> = {
  ...openaiTypes,
  out_of_points: 'billing_error',
  unavailable: 'api_error',
};

/** The headers of a response with an error. */
export function errorHeaders({details}: ServeError): Record<string, string> {
  const {retryAfterS, mayRepeat = true, headers} = details;
  return {
    ...headers,
    ...(retryAfterS !== undefined && {'Retry-After': String(retryAfterS)}),
    // The packages `openai` and `@anthropic-ai/sdk` repeat a request by themselves unless this says no.
    ...(!mayRepeat && {'X-Should-Retry': 'false'}),
  };
}

/** The body of a response with an error, and its media type. */
export function errorBody(error: ServeError, format: ErrorFormat): {type: string; body: string} {
  if (format === 'text') return {type: 'text/plain; charset=utf-8', body: `${error.message}\n`};
  return {type: 'application/json', body: JSON.stringify(errorObject(error, format))};
}

/** The status of a response with an error. codex 0.171 sends a request again after any status but 400 and 429. */
export const errorStatus = ({status}: ServeError, format: ErrorFormat): number =>
  format === 'responses' && status === maybeChargedStatus ? 400 : status;

/** The events that end a stream after an error. @param written what the stream has had so far */
export function errorEvents(error: ServeError, format: ErrorFormat, written: Written): string {
  switch (format) {
    case 'anthropic':
      return `event: error\ndata: ${JSON.stringify(errorObject(error, format))}\n\n`;
    case 'responses':
      return failedResponse(error, openaiTypes[error.details.kind], written);
    case 'openai':
    case 'jsonrpc':
    case 'text':
      return `data: ${JSON.stringify(errorObject(error, 'openai'))}\n\n`;
  }
}

function errorObject({status, message, details}: ServeError, format: Exclude<ErrorFormat, 'text'>): object {
  const {kind, code = null, param = null} = details;
  switch (format) {
    case 'openai':
    case 'responses':
      return {error: {message, type: openaiTypes[kind], code, param}};
    case 'anthropic':
      // Anthropic has a type of its own for this status.
      return {type: 'error', error: {type: status === 529 ? 'overloaded_error' : anthropicTypes[kind], message}};
    case 'jsonrpc':
      return {jsonrpc: '2.0', id: null, error: {code: code === 'invalid_json' ? -32_700 : -32_000, message}};
  }
}
