import {createHash, randomBytes} from 'node:crypto';
import type {Faults} from '../faults/faults.js';
import {html, type HttpResponse, json, type SandboxRequest} from '../server/http.js';

/** The only registered OAuth client. */
export const clientId = 'client_0f7c2d9b4e6a81355c02d4f19ab36e78';

interface Grant {
  redirectUri: string;
  challenge: string;
}

const codeLifetimeMs = 60_000;

/**
 * "Sign in with Poe" (OAuth 2.0 with PKCE), as strict as its documentation (2026). The user allows access unless a
 * fault is set.
 */
export class SignIns {
  readonly #faults: Pick<Faults, 'signIn'>;
  readonly #grants = new Map<string, Grant>();

  constructor(faults: Pick<Faults, 'signIn'>) {
    this.#faults = faults;
  }

  /** The page where the user allows access. It redirects back at once. */
  authorize({host, url: {searchParams: query}}: SandboxRequest): HttpResponse {
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== clientId) return html(400, 'Unknown client.');
    if (!isLoopback(redirectUri)) return html(400, 'The redirect_uri is not registered.');
    const {issuer = `http://${host}`} = this.#faults.signIn;
    const redirect = (parameters: Record<string, string>): HttpResponse => {
      const target = new URL(redirectUri);
      const state = query.get('state');
      for (const [name, value] of Object.entries({
        ...parameters,
        ...(state !== null && {state}),
        ...(issuer !== null && {iss: issuer}),
      })) {
        target.searchParams.set(name, value);
      }
      return {status: 302, headers: {Location: target.href}};
    };
    if (query.get('response_type') !== 'code') return redirect({error: 'unsupported_response_type'});
    if (query.get('scope') !== 'apikey:create') return redirect({error: 'invalid_scope'});
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
      return redirect({error: 'invalid_request', error_description: 'PKCE with S256 is required.'});
    }
    if (this.#faults.signIn.isDenied) return redirect({error: 'access_denied'});
    const code = randomBytes(24).toString('base64url');
    this.#grants.set(code, {redirectUri, challenge});
    setTimeout(() => this.#grants.delete(code), codeLifetimeMs).unref();
    return redirect({code});
  }

  /** Exchanges a code for a key. A code works only once, even if the exchange fails. */
  exchange({headers, signed}: SandboxRequest, apiKey: string): HttpResponse {
    if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
      return oauthError('invalid_request', 'The request body must be form-encoded.');
    }
    const form = new URLSearchParams(Buffer.from(signed).toString('utf8'));
    if (form.get('grant_type') !== 'authorization_code') return oauthError('unsupported_grant_type');
    if (form.get('client_id') !== clientId) return oauthError('invalid_request', 'Unknown client.');
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    if (!grant) return oauthError('invalid_grant', 'The code is unknown, expired or already used.');
    if (form.get('redirect_uri') !== grant.redirectUri) {
      return oauthError('invalid_grant', 'The redirect_uri does not match.');
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== grant.challenge) return oauthError('invalid_grant', 'The code_verifier does not match.');
    return json(200, {api_key: apiKey, api_key_expires_in: this.#faults.signIn.keySeconds});
  }
}

/** Loopback addresses need no registration. */
function isLoopback(uri: string): boolean {
  const {protocol, hostname} = URL.canParse(uri) ? new URL(uri) : {protocol: '', hostname: ''};
  return protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
}

const oauthError = (error: string, description?: string): HttpResponse =>
  json(400, {error, ...(description !== undefined && {error_description: description})});
