import {belongsToSite, parseUrl} from '../../http/url.js';
import type {SiteReader} from './page.js';

const maxFiles = 400;
const maxCharacters = 64_000_000;
const maxMs = 60_000;
const concurrency = 6;

/** The URL of a script, if it belongs to the site or its content network. */
export function scriptUrl(src: string, site: URL): URL | undefined {
  const url = parseUrl(src, site);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && site.protocol === 'http:');
  return url && isSafe && belongsToSite(url.host, site) ? url : undefined;
}

/**
 * The script files of one page. Each is fetched once, from the site and its content network only, within limits on their number,
 * their total size and the total time.
 */
export class ScriptFiles {
  readonly #http: SiteReader;
  readonly #signal: AbortSignal | undefined;
  readonly #texts = new Map<string, Promise<string>>();
  readonly #deadline = performance.now() + maxMs;
  #charactersLeft = maxCharacters;

  constructor(http: SiteReader, signal?: AbortSignal) {
    this.#http = http;
    this.#signal = signal;
  }

  /** The text of a file; empty if it does not exist or a limit is reached. @throws PoeError if it cannot be fetched */
  read(src: string): Promise<string> {
    const url = scriptUrl(src, this.#http.site);
    if (!url) return Promise.resolve('');
    const cached = this.#texts.get(url.href);
    if (cached) return cached;
    const text = this.#isLimitReached ? Promise.resolve('') : this.#fetch(url);
    this.#texts.set(url.href, text);
    return text;
  }

  /** Reads several files concurrently. Skips those that cannot be fetched. @param isEnough stops before all are read */
  async readAll(
    sources: readonly string[],
    onText: (text: string, src: string) => void = () => {},
    isEnough: () => boolean = () => false,
  ): Promise<void> {
    const queue = [...sources];
    const work = async () => {
      for (let src = queue.shift(); src !== undefined && !isEnough(); src = queue.shift()) {
        onText(await this.#readOrEmpty(src), src);
      }
    };
    await Promise.all(Array.from({length: concurrency}, work));
  }

  async #readOrEmpty(src: string): Promise<string> {
    try {
      return await this.read(src);
    } catch (error) {
      if (this.#signal?.aborted) throw error;
      return '';
    }
  }

  get #isLimitReached(): boolean {
    return this.#texts.size >= maxFiles || this.#charactersLeft <= 0 || performance.now() > this.#deadline;
  }

  async #fetch(url: URL): Promise<string> {
    const {status, text} = await this.#http.read(url, {name: 'script', signal: this.#signal});
    this.#charactersLeft -= text.length;
    return status === 200 ? text : '';
  }
}
