import {PoeError} from '../../errors.js';
import {registerSecret} from '../../log/redact.js';

/** The session's cookies, as the browser shows them. */
interface CookieValues {
  pB: string;
  pLat: string;
  cfClearance?: string;
  cfBm?: string;
}

/** The cookies of one session. They are sent as they are, without decoding. */
export class Cookies {
  readonly #values: Map<string, string>;

  /** @throws PoeError `bad_tokens` if a value is not valid in a cookie */
  constructor({pB, pLat, cfClearance, cfBm}: CookieValues) {
    const cookies = [
      ['p-b', pB],
      ['p-lat', pLat],
      ['__cf_bm', cfBm],
      ['cf_clearance', cfClearance],
    ] as const;
    registerSecret(pB, pLat, cfClearance, cfBm);
    this.#values = new Map(cookies.flatMap(([name, value]) => (value ? [[name, validated(name, value)]] : [])));
  }

  /** The `Cookie` header. */
  toString(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /**
   * Applies `Set-Cookie` headers, except to `p-b` and `p-lat`: Poe sends a session that it does not recognize the `p-b` of an
   * anonymous one.
   */
  renew(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';');
      const [, name, value] = /^\s*([^=\s]+)=(.*)$/.exec(pair) ?? [];
      if (!name || value === undefined || name === 'p-b' || name === 'p-lat') continue;
      if (value.trim() === '' || attributes.some(isExpired)) this.#values.delete(name);
      else this.#values.set(name, value.trim());
      registerSecret(value.trim());
    }
  }
}

/** Whether an attribute makes a cookie expire now. */
function isExpired(attribute: string): boolean {
  if (/^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(attribute)) return true;
  const expires = /^\s*expires\s*=\s*(.+)$/i.exec(attribute)?.[1];
  return expires !== undefined && Date.parse(expires) < Date.now();
}

function validated(name: string, value: string): string {
  if (/^[\u0021-\u003a\u003c-\u007e]+$/.test(value)) return value;
  throw new PoeError('bad_tokens', `The cookie ${name} contains an invalid character`, {
    hint: 'Copy its value from your browser again, complete and without anything else.',
  });
}
