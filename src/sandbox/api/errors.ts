import * as v from 'valibot';
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
  error: {message, type: errorType(status), code: status === 401 ? 'invalid_api_key' : status},
});

export const errorType = (status: number): string => types[status] ?? 'invalid_request_error';

export const errorResponse = (status: number, message: string): HttpResponse =>
  json(status, errorBody(status, message));

/** A field that has a wrong value, or is missing. */
export function invalidRequest(issue: v.BaseIssue<unknown>): HttpResponse {
  const param = v.getDotPath(issue);
  const {error} = errorBody(400, `Invalid request: ${param ?? 'body'}: ${issue.message}`);
  return json(400, {error: {...error, param}});
}

/** A field that neither the format nor the bot defines. */
export function unknownField(param: string): HttpResponse {
  const {error} = errorBody(400, `Unknown parameter: '${param}'.`);
  return json(400, {error: {...error, code: 'unknown_parameter', param}});
}
