import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {quote} from '../../log/redact.js';
import {parseUrl} from '../../http/url.js';
import type {TextResponse} from '../../http/request.js';
import {retryAfterS, retryHint} from '../../http/retry.js';
import type {ResponseHeaders} from '../../http/transport.js';
import {StaleFactError} from './stale-fact.js';
import {parseExactJson} from '../../http/json.js';

const Envelope = v.object({
  data: v.optional(v.unknown()),
  errors: v.fallback(
    v.nullish(
      v.array(
        v.object({
          message: v.fallback(v.string(), ''),
          extensions: v.fallback(v.object({code: v.string()}), {code: ''}),
        }),
      ),
      [],
    ),
    [],
  ),
  success: v.fallback(v.nullish(v.boolean(), null), null),
  message: v.fallback(v.nullish(v.string(), null), null),
});

export interface GraphqlResponse {
  data: unknown;
  /** The message of the first error that came with the data; null if there was none. */
  errorMessage: string | null;
}

/**
 * Reads the response to an operation. An error names the layer it comes from.
 * @throws PoeError `bad_tokens`, `bad_form_key` (also for a wrong cookie, because Poe's response is the same), `stale_operation`,
 *   `refused`, `rate_limited`, `unavailable`, `cloudflare`, `not_understood`
 * @throws StaleFactError if Poe rejected the request before doing anything
 */
export function readResponse(operation: string, url: URL, response: TextResponse): GraphqlResponse {
  const envelope = v.safeParse(Envelope, readJson(operation, url, response));
  if (!envelope.success) throw unknownFormat(operation);
  const {data, errors, success, message} = envelope.output;
  const firstMessage = errors[0]?.message || message || '';
  const allErrors = errors.map((error) => `${error.message} ${error.extensions.code}`).join(' ');
  if (/persisted[_ ]?query[_ ]?not[_ ]?found/i.test(allErrors)) {
    throw new StaleFactError('hash', unknownOperation(operation));
  }
  if (data === null || data === undefined) {
    if (rejectsCredentials(response.status, firstMessage, errors.length > 0)) {
      throw new StaleFactError('request', badFormKey());
    }
    const error = refused(operation, response.status, firstMessage);
    throw /^Server Error$/i.test(firstMessage) ? new StaleFactError('variables', error) : error;
  }
  if (success === false) throw refused(operation, response.status, firstMessage);
  return {data, errorMessage: errors.length > 0 ? firstMessage : null};
}

/**
 * Reads a response as JSON.
 * @param operation names the request in error messages
 * @throws PoeError as `readResponse` does
 */
export function readJson(operation: string, url: URL, response: TextResponse): unknown {
  const {status, headers, text} = response;
  checkAccess(url, response);
  if (status === 429) throw rateLimited(headers);
  if (status === 413) {
    throw new PoeError('too_large', `${url.host} rejected the request as too large (HTTP 413)`, {
      hint: 'Shorten the message or send smaller files.',
    });
  }
  if (status >= 500) {
    throw new PoeError('unavailable', `Server error at ${url.host} for ${operation} (HTTP ${status})`, {
      hint: 'Try again in a minute.',
    });
  }
  if (looksLikeHtml(response)) {
    throw new PoeError(
      'unavailable',
      `${url.host} returned a web page instead of data for ${operation} (HTTP ${status})`,
      {hint: 'Check the URL, and that no proxy or login page of the network intercepts the connection.'},
    );
  }
  try {
    const json = parseExactJson(text);
    return json;
  } catch (error) {
    if (status === 400 && text.trim() === '' && url.pathname.includes('upload')) {
      throw new StaleFactError('upload', uploadRejected());
    }
    if (status === 400 || status === 401 || status === 403) throw new StaleFactError('request', badFormKey());
    throw new PoeError('not_understood', `Poe's response to ${operation} is not JSON (HTTP ${status})`, {cause: error});
  }
}

/**
 * Checks that the response comes from the site itself: not a redirect to the login page, not Cloudflare.
 * @throws PoeError `bad_tokens`, `cloudflare`, `not_understood`
 */
export function checkAccess(url: URL, response: TextResponse): void {
  const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
  if (location !== null) {
    const target = parseUrl(location, url);
    if (target?.pathname.startsWith('/login')) throw badTokens();
    throw new PoeError('not_understood', `${url.host} redirects ${url.pathname} to ${target?.host ?? 'nowhere'}`, {
      hint: 'poe does not follow it, because the cookies belong to one host only.',
    });
  }
  if (isCloudflare(response)) throw cloudflareError(url.host, response.status);
}

export const cloudflareError = (host: string, status: number) =>
  new PoeError(
    'cloudflare',
    `Cloudflare blocked the request to ${host}: it requires a browser check (HTTP ${status})`,
    {
      hint: "Log in again with your browser's cookies cf_clearance and __cf_bm and its user agent, or use another network.",
    },
  );

function isCloudflare({status, headers, text}: TextResponse): boolean {
  if (headers.get('cf-mitigated') === 'challenge') return true;
  if (status === 200 && !text.startsWith('<')) return false;
  const head = text.slice(0, 20_000);
  return (
    /<title>\s*Just a moment/i.test(head) ||
    (/Enable JavaScript and cookies to continue/i.test(head) && status !== 200) ||
    (/Attention Required! \| Cloudflare/i.test(head) && status >= 400)
  );
}

const looksLikeHtml = ({headers, text}: TextResponse) =>
  /^\s*</.test(text) || (/\btext\/html\b/.test(headers.get('Content-Type') ?? '') && !/^\s*[{[]/.test(text));

/** Poe rejects a wrong cookie, form key or tag id with HTTP 400 without data and errors; in some years with 401, 403 or a message. */
function rejectsCredentials(status: number, message: string, hasErrors: boolean): boolean {
  if (/form.?key|poe-tag-id|csrf|unauthorized|forbidden/i.test(message)) return true;
  return (status === 400 || status === 401 || status === 403) && !hasErrors;
}

export const badTokens = () =>
  new PoeError('bad_tokens', 'Not logged in: Poe rejected the cookies p-b and p-lat', {
    hint: 'Copy them from your browser again.',
    remedy: 'log_in',
    needs: 'web',
  });

const badFormKey = () =>
  new PoeError('bad_form_key', 'Poe rejected the request: the form key or the cookies are not valid', {
    hint: 'Copy the cookies from your browser again.',
    remedy: 'log_in',
    needs: 'web',
  });

/** An empty response is not about the form key, which Poe rejects with a reason. */
const uploadRejected = () =>
  new PoeError('refused', 'Poe rejected the upload of files (HTTP 400)', {
    hint: 'The message was not sent.',
    remedy: 'check_site',
  });

const unknownOperation = (operation: string) =>
  new PoeError('stale_operation', `Poe does not recognize the operation ${operation}: its hash has changed`, {
    hint: 'Look for a newer version of poe.',
  });

export function refused(operation: string, status: number, message: string): PoeError {
  const reason = message ? `"${quote(message, 200)}"` : status < 300 ? 'it gave no reason' : `HTTP ${status}`;
  return new PoeError('refused', `Poe refused ${operation}: ${reason}`, {
    hint: 'Something it refers to may not exist, or the site may have changed.',
  });
}

export function rateLimited(headers: ResponseHeaders): PoeError {
  return new PoeError('rate_limited', 'Rate limited by Poe (HTTP 429)', {
    hint: retryHint(headers) ?? 'Try again in a minute.',
    retryAfterS: retryAfterS(headers),
  });
}

/** @param place a path in the response, such as `data.bot` */
export const unknownFormat = (operation: string, place?: string) =>
  new PoeError(
    'not_understood',
    `Poe's response to ${operation} has an unknown format${place === undefined ? '' : ` (at ${place})`}`,
    {hint: 'The site may have changed. Look for a newer version of poe.'},
  );
