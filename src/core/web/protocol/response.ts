import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {quote} from '../../redact.js';
import {parseUrl} from '../../http/address.js';
import {retryAfterS} from '../../http/retry.js';
import type {AnswerHeaders} from '../../http/transport.js';
import {StaleFactError} from './stale-fact.js';

/** A complete HTTP response. */
export interface HttpResponse {
  status: number;
  headers: AnswerHeaders;
  text: string;
}

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

/** What an answer holds, and what Poe complained of beside it. */
export interface GraphqlResponse {
  data: unknown;
  complaint: string | null;
}

/**
 * Reads the answer to an operation down to its `data`, and says of every failure which layer it comes from.
 * @throws PoeError `bad_tokens`, `bad_form_key` (also for a wrong cookie, which Poe does not tell apart), `stale_operation`,
 *   `refused`, `rate_limited`, `unavailable`, `cloudflare`, `not_understood`
 */
export function readResponse(operation: string, url: URL, answer: HttpResponse): GraphqlResponse {
  const json = readJson(operation, url, answer);
  const envelope = v.safeParse(Envelope, json);
  if (!envelope.success) throw unknownShape(operation);
  const {data, errors, success, message} = envelope.output;
  const said = errors[0]?.message || message || '';
  const all = errors.map((error) => `${error.message} ${error.extensions.code}`).join(' ');
  if (/persisted[_ ]?query[_ ]?not[_ ]?found/i.test(all)) {
    throw new StaleFactError('hash', stale(operation));
  }
  if (data === null || data === undefined) {
    if (refusesFormKey(answer.status, said, errors.length > 0)) throw new StaleFactError('request', badFormKey());
    const refusal = refused(operation, answer.status, said);
    throw /^Server Error$/i.test(said) ? new StaleFactError('variables', refusal) : refusal;
  }
  if (success === false) throw refused(operation, answer.status, said);
  return {data, complaint: errors.length > 0 ? said : null};
}

/**
 * Reads an answer as JSON.
 * @throws PoeError as for `readEnvelope`
 */
export function readJson(what: string, url: URL, answer: HttpResponse): unknown {
  const {status, headers, text} = answer;
  checkPassage(url, answer);
  if (status === 429) throw tooOften(headers);
  if (status === 413) {
    throw new PoeError('too_large', `${url.host} did not take what was sent: it is too large (HTTP 413)`, {
      hint: 'Send less text, or smaller files.',
    });
  }
  if (status >= 500) {
    throw new PoeError('unavailable', `${url.host} answered ${what} with an error of its own (HTTP ${status})`, {
      hint: 'Try again in a minute.',
    });
  }
  if (looksLikeHtml(answer)) {
    throw new PoeError(
      'unavailable',
      `${url.host} answered ${what} with a web page where data was due (HTTP ${status})`,
      {
        hint: 'Check that the address is right and that no proxy or log-in page of the network stands between.',
      },
    );
  }
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch (error) {
    if (status === 400 && text.trim() === '' && url.pathname.includes('upload')) {
      throw new StaleFactError('upload', badFormKey());
    }
    if (status === 400 || status === 401 || status === 403) throw new StaleFactError('request', badFormKey());
    throw new PoeError('not_understood', `Poe's answer to ${what} is not JSON (HTTP ${status})`, {cause: error});
  }
}

/**
 * Checks what may stand before the site itself: a log-in page, Cloudflare.
 * @throws PoeError `bad_tokens`, `cloudflare`, `not_understood`
 */
export function checkPassage(url: URL, answer: HttpResponse): void {
  const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('Location') : null;
  if (location !== null) {
    const target = parseUrl(location, url);
    if (target?.pathname.startsWith('/login')) throw badTokens();
    throw new PoeError('not_understood', `${url.host} sends ${url.pathname} on to ${target?.host ?? 'nowhere'}`, {
      hint: 'The cookies are for one host only, so poe does not follow.',
    });
  }
  if (isCloudflare(answer)) throw challenged(url.host, answer.status);
}

export const challenged = (host: string, status: number) =>
  new PoeError('cloudflare', `Cloudflare stands before ${host} and wants proof of a browser (HTTP ${status})`, {
    hint: 'Log in again with the cookies cf_clearance and __cf_bm of your browser and its user agent, or use another network.',
  });

function isCloudflare({status, headers, text}: HttpResponse): boolean {
  if (headers.get('cf-mitigated') === 'challenge') return true;
  if (status === 200 && !text.startsWith('<')) return false;
  const head = text.slice(0, 20_000);
  return (
    /<title>\s*Just a moment/i.test(head) ||
    (/Enable JavaScript and cookies to continue/i.test(head) && status !== 200) ||
    (/Attention Required! \| Cloudflare/i.test(head) && status >= 400)
  );
}

const looksLikeHtml = ({headers, text}: HttpResponse) =>
  /^\s*</.test(text) || (/\btext\/html\b/.test(headers.get('Content-Type') ?? '') && !/^\s*[{[]/.test(text));

/** A wrong cookie, form key or tag id: HTTP 400 with neither data nor errors (or, some years, 401/403 or its name). */
function refusesFormKey(status: number, said: string, hasErrors: boolean): boolean {
  if (/form.?key|poe-tag-id|csrf|unauthorized|forbidden/i.test(said)) return true;
  return (status === 400 || status === 401 || status === 403) && !hasErrors;
}

export const badTokens = () =>
  new PoeError('bad_tokens', 'Poe does not take the cookies p-b and p-lat: this session is not logged in', {
    hint: 'Copy them afresh from your browser with: poe login',
  });

const badFormKey = () =>
  new PoeError('bad_form_key', 'Poe refused the request: its form key or its cookies are not good (any more)', {
    hint: 'Copy the cookies afresh with: poe login',
  });

const stale = (operation: string) =>
  new PoeError('stale_operation', `Poe no longer knows the operation ${operation}: the site's query table has moved`, {
    hint: 'Look for a newer version of poe.',
  });

export function refused(operation: string, status: number, said: string): PoeError {
  const why = said ? `“${quote(said, 200)}”` : `HTTP ${status}`;
  return new PoeError('refused', `Poe refused ${operation}: ${why}`, {
    hint: 'Either something it names does not exist (any more), or the site has changed.',
  });
}

export function tooOften(headers: AnswerHeaders): PoeError {
  const pause = retryAfterS(headers);
  return new PoeError('rate_limited', 'Poe wants fewer requests (HTTP 429)', {
    hint: pause === undefined ? 'Wait a minute, then try again.' : `Try again in ${pause} seconds.`,
  });
}

const unknownShape = (operation: string) =>
  new PoeError('not_understood', `Poe's answer to ${operation} has an unknown shape`, {
    hint: 'The site may have changed: look for a newer version of poe.',
  });
