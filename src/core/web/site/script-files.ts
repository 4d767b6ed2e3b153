import {belongsToSite, parseUrl} from '../../http/address.js';
import type {SiteReader} from './page.js';

const mostFiles = 400;
const mostCharacters = 64_000_000;
const mostMs = 60_000;
const atOnce = 6;

/** The address of a script, if it is one that the site's scripts may come from. */
export function scriptAddress(src: string, site: URL): URL | undefined {
  const url = parseUrl(src, site);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && site.protocol === 'http:');
  return url && safe && belongsToSite(url.host, site) ? url : undefined;
}

/**
 * Script files of one page, each fetched once and a few at a time: from the site and its content network only, and within
 * limits on their number, their size and the time all of them take.
 */
export class ScriptFiles {
  readonly #http: SiteReader;
  readonly #signal: AbortSignal | undefined;
  readonly #texts = new Map<string, Promise<string>>();
  readonly #until = performance.now() + mostMs;
  #charactersLeft = mostCharacters;

  constructor(http: SiteReader, signal?: AbortSignal) {
    this.#http = http;
    this.#signal = signal;
  }

  /** The text of a file; empty where it is not there, or beyond the limits. @throws PoeError when it does not come */
  read(src: string): Promise<string> {
    const url = scriptAddress(src, this.#http.site);
    if (!url) return Promise.resolve('');
    const known = this.#texts.get(url.href);
    if (known) return known;
    const text = this.#isSpent ? Promise.resolve('') : this.#fetch(url);
    this.#texts.set(url.href, text);
    return text;
  }

  /** Reads files, a few at a time; one that does not come is passed over. @param isEnough ends it before all are read */
  async readAll(
    sources: readonly string[],
    take: (text: string, src: string) => void = () => {},
    isEnough: () => boolean = () => false,
  ): Promise<void> {
    const queue = [...sources];
    const work = async () => {
      for (let src = queue.shift(); src !== undefined && !isEnough(); src = queue.shift()) {
        take(await this.#readIfThere(src), src);
      }
    };
    await Promise.all(Array.from({length: atOnce}, work));
  }

  async #readIfThere(src: string): Promise<string> {
    try {
      return await this.read(src);
    } catch (error) {
      if (this.#signal?.aborted) throw error;
      return '';
    }
  }

  get #isSpent(): boolean {
    return this.#texts.size >= mostFiles || this.#charactersLeft <= 0 || performance.now() > this.#until;
  }

  async #fetch(url: URL): Promise<string> {
    const {status, text} = await this.#http.read(url, {name: 'script', signal: this.#signal});
    this.#charactersLeft -= text.length;
    return status === 200 ? text : '';
  }
}
