import * as v from 'valibot';
import {anyErrorSchema, oneLine} from '../../core/api/http/errors.js';
import {type StreamedResponse, readText} from '../../core/http/request.js';
import {retryAfterS} from '../../core/http/retry.js';
import {type FailureKind, ServeError} from '../errors/serve-error.js';
import {maybeChargedStatus} from '../errors/to-serve-error.js';

/** An error of Poe, and what it is about. */
export interface UpstreamFailure {
  status: number;
  message: string;
  code: string;
  /** The field that the error is about; '' if it is about none. */
  param: string;
  /** Whether Poe has certainly not processed the request. */
  isUnprocessed: boolean;
  /** When to try again, in seconds; undefined if Poe does not say. */
  retryAfterS: number | undefined;
}

const maxErrorBytes = 256 * 1024;

const Failure = v.union([
  anyErrorSchema,
  // Anthropic's format has the error inside.
  v.object({error: v.object({message: v.string(), type: v.optional(v.string(), '')})}),
]);

/** Reads a response with an error. */
export async function readFailure(response: StreamedResponse): Promise<UpstreamFailure> {
  const {status, headers} = response;
  const text = await readText(response, maxErrorBytes).catch(() => '');
  response.close();
  const isChallenge = headers.get('cf-mitigated') === 'challenge';
  const {message, code, param} = isChallenge
    ? {...none, message: "Cloudflare blocks access to Poe's API."}
    : parse(text);
  return {
    status: isChallenge ? 503 : status,
    message,
    code,
    param,
    isUnprocessed: (status < 500 && status !== 408) || status === 503 || status === 529,
    retryAfterS: retryAfterS(headers),
  };
}

const none = {message: '', code: '', param: ''};

/** A web page says nothing. Secrets are removed from all texts. */
function parse(text: string): Pick<UpstreamFailure, 'message' | 'code' | 'param'> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {...none, message: /^\s*</.test(text) ? '' : oneLine(text)};
  }
  const parsed = v.safeParse(Failure, json);
  if (!parsed.success) return none;
  const {error} = parsed.output;
  if (typeof error === 'string') return {...none, message: oneLine(error)};
  const {message, code, param} = {code: null, param: '', ...error};
  return {message: oneLine(message), code: oneLine(String(code ?? '')), param: oneLine(param)};
}

const kinds: Readonly<Record<number, FailureKind>> = {
  401: 'unavailable',
  402: 'out_of_points',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  429: 'rate_limited',
  504: 'timeout',
};

/** A program must not follow a redirect with its token. */
const shownStatus = (status: number): number => (status < 400 ? 502 : status === 401 ? 503 : status);

/** The error as the program sees it. @param hint a sentence to add */
export function toProgramError(
  {status, message, code, param, isUnprocessed, retryAfterS: seconds}: UpstreamFailure,
  hint?: string,
): ServeError {
  // The program's own token is right. It must not take this for its fault and ask the user for another one.
  const shown = isUnprocessed ? shownStatus(status) : maybeChargedStatus;
  const text =
    status === 401 ? "Poe's API rejected the key of the server. Log in again with: poe login --api-key" : message;
  const shownText = text || `Poe's API reported an error (HTTP ${status})`;
  return new ServeError(shown, hint === undefined ? shownText : `${shownText.replace(/\.?$/, '.')} ${hint}`, {
    kind: kinds[status] ?? (status >= 500 ? 'unavailable' : 'invalid_request'),
    code: code === '' || code === String(status) ? undefined : code,
    param: param === '' ? undefined : param,
    mayRepeat: isUnprocessed && status !== 401,
    retryAfterS: seconds,
  });
}
