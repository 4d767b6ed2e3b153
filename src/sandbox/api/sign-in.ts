import {createHash, randomBytes} from 'node:crypto';
import {type Asked, html, type HttpAnswer, json} from '../server/http.js';

/** The one client that is registered here. */
export const clientId = 'client_0f7c2d9b4e6a81355c02d4f19ab36e78';

interface Grant {
  redirectUri: string;
  challenge: string;
}

const codeMs = 60_000;

/** Signing in with Poe, as strictly as its documentation has it (2026). The user says yes unless told otherwise. */
export class SignIns {
  /** What the user says when asked. */
  consents = true;
  /** Seconds that a key is good for; null for ever. */
  keySeconds: number | null = null;
  readonly #grants = new Map<string, Grant>();

  /** The page where the user lets a program in, which sends the browser back at once. */
  authorize({url: {searchParams: query}}: Asked): HttpAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== clientId) return html(400, 'Unknown client.');
    if (!isOfThisMachine(redirectUri)) return html(400, 'The redirect_uri is not registered.');
    const back = (answer: Record<string, string>): HttpAnswer => {
      const to = new URL(redirectUri);
      const state = query.get('state');
      for (const [name, value] of Object.entries({...answer, ...(state !== null && {state})}))
        to.searchParams.set(name, value);
      return {status: 302, headers: {Location: to.href}};
    };
    if (query.get('response_type') !== 'code') return back({error: 'unsupported_response_type'});
    if (query.get('scope') !== 'apikey:create') return back({error: 'invalid_scope'});
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
      return back({error: 'invalid_request', error_description: 'PKCE with S256 is needed.'});
    }
    if (!this.consents) return back({error: 'access_denied'});
    const code = randomBytes(24).toString('base64url');
    this.#grants.set(code, {redirectUri, challenge});
    setTimeout(() => this.#grants.delete(code), codeMs).unref();
    return back({code});
  }

  /** Makes a key for a code, which is then used up, whatever comes of it. */
  exchange({headers, signed}: Asked, apiKey: string): HttpAnswer {
    if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
      return refused('invalid_request', 'The body is no form.');
    }
    const form = new URLSearchParams(Buffer.from(signed).toString('utf8'));
    if (form.get('grant_type') !== 'authorization_code') return refused('unsupported_grant_type');
    if (form.get('client_id') !== clientId) return refused('invalid_request', 'Unknown client.');
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    if (!grant) return refused('invalid_grant', 'The code is not known, or was used.');
    if (form.get('redirect_uri') !== grant.redirectUri) return refused('invalid_grant', 'Another redirect_uri.');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== grant.challenge) return refused('invalid_grant', 'The code_verifier does not fit.');
    return json(200, {api_key: apiKey, api_key_expires_in: this.keySeconds});
  }
}

/** Addresses of this machine need no registration. */
function isOfThisMachine(address: string): boolean {
  const {protocol, hostname} = URL.canParse(address) ? new URL(address) : {protocol: '', hostname: ''};
  return protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
}

const refused = (error: string, description?: string): HttpAnswer =>
  json(400, {error, ...(description !== undefined && {error_description: description})});
