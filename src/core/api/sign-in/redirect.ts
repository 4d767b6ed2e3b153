import {PoeError} from '../../errors.js';
import {quote} from '../../log/redact.js';

/* The URL that Poe redirects the browser to after the user has decided. */

/** Poe's name as the issuer of codes (RFC 9207). Poe does not always send it (Sign in with Poe, 2026). */
const poeIssuer = 'https://poe.com';

/** What a redirect must match to belong to this login. */
export interface ExpectedRedirect {
  state: string;
  /** The site that the user was sent to. */
  site: URL;
}

/**
 * The code in the URL.
 * @throws PoeError `refused` if the user or Poe declined, or another server issued the code; `usage` if there is no code
 */
export function codeInRedirect({searchParams}: URL, {site}: ExpectedRedirect): string {
  const accepted: ReadonlySet<string> = new Set(['', site.origin, poeIssuer]);
  const other = searchParams.getAll('iss').find((issuer) => !accepted.has(issuer));
  if (other !== undefined) {
    throw new PoeError('refused', `The login was answered by ${quote(other, 100)}, not by ${site.origin}`, {
      hint: 'Try again, and allow access only on that site.',
      remedy: 'enter_key',
    });
  }
  const error = searchParams.get('error');
  if (error === 'access_denied') {
    throw new PoeError('refused', 'Access was denied in the browser', {hint: 'Try again, and allow access.'});
  }
  if (error !== null) {
    const reason = searchParams.get('error_description') ?? error;
    throw new PoeError('refused', `Poe rejected the login (${quote(reason, 300)})`, {
      hint: 'You can also create a key at https://poe.com/api/keys.',
      remedy: 'check_client_id',
    });
  }
  const code = searchParams.get('code');
  if (code) return code;
  throw new PoeError('usage', 'The URL contains no code', {hint: pasteHint});
}

const pasteHint = 'Paste the whole URL that the browser was redirected to. It begins with http://127.0.0.1.';

/**
 * The code in what the user has pasted: the whole URL or the code alone.
 * @throws PoeError `usage` if the URL belongs to another login; as `codeInRedirect`
 */
export function codeInPaste(pasted: string, expected: ExpectedRedirect): string {
  const text = pasted.trim();
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    if (/^[\x21-\x7e]+$/.test(text)) return text;
    throw new PoeError('usage', 'The pasted text is neither a URL nor a code', {hint: pasteHint});
  }
  const url = new URL(text);
  if (url.searchParams.get('state') === expected.state) return codeInRedirect(url, expected);
  throw new PoeError('usage', 'The pasted URL belongs to another login', {
    hint: 'Open the URL shown above, and paste the URL that it redirects to.',
  });
}
