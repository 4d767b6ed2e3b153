import type {FailureKind, ServeError} from './serve-error.js';

/** How errors are written: as OpenAI, Anthropic or JSON-RPC do, as an event of OpenAI's Responses, or as text. */
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

/** The event that ends a stream after an error. */
export function errorEvent(error: ServeError, format: ErrorFormat): string {
  switch (format) {
    case 'anthropic':
      return `event: error\ndata: ${JSON.stringify(errorObject(error, format))}\n\n`;
    case 'responses': {
      const {code = openaiTypes[error.details.kind], param = null} = error.details;
      const fields = {code, message: error.message, param};
      // OpenAI's package throws an error only if there is a field `error`; its types have the other fields.
      const data = {type: 'error', ...fields, error: {type: openaiTypes[error.details.kind], ...fields}};
      return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
    }
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
