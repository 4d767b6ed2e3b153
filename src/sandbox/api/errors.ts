import {type HttpResponse, json} from '../server/http.js';

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'insufficient_credits',
  403: 'moderation_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'provider_error',
  502: 'upstream_error',
  529: 'overloaded_error',
};

/** The body of an error. Poe's documentation shows `code` both as a number and as a word. */
export const errorBody = (status: number, message: string) => ({
  error: {message, type: types[status] ?? 'invalid_request_error', code: status === 401 ? 'invalid_api_key' : status},
});

export const errorResponse = (status: number, message: string): HttpResponse =>
  json(status, errorBody(status, message));
