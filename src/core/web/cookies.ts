import type {WebTokens} from './session.js';

/** The cookies of one session. They are sent as the browser shows them, without decoding. */
export class Cookies {
  readonly #values: Map<string, string>;

  constructor({pB, pLat, cfClearance, cfBm}: WebTokens) {
    this.#values = new Map([['p-b', pB]]);
    if (pLat) this.#values.set('p-lat', pLat);
    if (cfBm) this.#values.set('__cf_bm', cfBm);
    if (cfClearance) this.#values.set('cf_clearance', cfClearance);
  }

  /** The `Cookie` header. */
  toString(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /**
   * Takes renewed cookies over. The session's own two stay as they are: to a session it does not know Poe hands a
   * stranger's `p-b`.
   */
  renew(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';');
      const [, name, value] = /^\s*([^=\s]+)=(.*)$/.exec(pair) ?? [];
      if (!name || value === undefined || name === 'p-b' || name === 'p-lat') continue;
      const gone = attributes.some((attribute) => /^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(attribute));
      if (gone) this.#values.delete(name);
      else this.#values.set(name, value.trim());
    }
  }
}
