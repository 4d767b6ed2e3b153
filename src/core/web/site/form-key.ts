import {PoeError} from '../../errors.js';
import {type Clues, cluesIn, type FoundKey, keyOfSeed} from './form-key-script.js';
import {findKeyInWorker} from './form-key-worker.js';
import type {Script, SiteReader} from './page.js';
import {ScriptFiles} from './script-files.js';

const maxFiles = 12;

/**
 * Searches a page for the form key: 32 characters that a function hidden in its scripts returns (seen from 2024-06 to 2026-08). The
 * function checks that it runs in a browser, and looks for a marker that the app bundle sets; otherwise it silently returns a wrong key.
 */
export class FormKeySearch {
  readonly #html: string;
  readonly #scripts: readonly Script[];
  readonly #http: SiteReader;
  readonly #signal: AbortSignal | undefined;
  /** The script files that have been read, by their `src`. */
  readonly #files = new Map<string, string>();

  constructor(html: string, scripts: readonly Script[], http: SiteReader, signal?: AbortSignal) {
    this.#html = html;
    this.#scripts = scripts;
    this.#http = http;
    this.#signal = signal;
  }

  /** The texts of the script files that have been read. */
  get bundles(): string[] {
    return [...this.#files.values()];
  }

  /** @throws PoeError `not_understood` if there is no key */
  async run(): Promise<FoundKey> {
    await this.#readAppBundle();
    if (this.#clues.marker === undefined) await this.#readRemaining();
    const likely = this.#scripts.filter(isLikely);
    // First the scripts where the key has been so far, then all inline scripts.
    for (const scripts of [likely, this.#scripts]) {
      const found = await this.#findKey(this.#inline(scripts), this.#clues);
      if (found?.isNamed) return found;
    }
    await this.#readRemaining();
    const found =
      (await this.#findKey(this.#withFiles(), this.#clues)) ?? (await this.#findKey(this.#inline(this.#scripts), {}));
    if (found) return found;
    const key = keyOfSeed([this.#html, ...this.bundles].join('\n'));
    if (key) return {key, tag: undefined, isNamed: false};
    throw new PoeError('not_understood', "No form key found in the scripts of Poe's home page", {
      remedy: 'enter_form_key',
    });
  }

  get #clues(): Clues {
    return cluesIn([...this.bundles, this.#html].join('\n'));
  }

  #findKey(scripts: readonly string[], clues: Clues): Promise<FoundKey | undefined> {
    return findKeyInWorker({scripts, clues, userAgent: this.#http.userAgent}, {signal: this.#signal});
  }

  /** The inline scripts, with the marker of each file in its place. */
  #inline(scripts: readonly Script[]): string[] {
    return scripts.map(({src, text}) => (src === undefined ? text : (cluesIn(this.#file(src)).marker ?? '')));
  }

  /** All scripts, each file followed by its marker. */
  #withFiles(): string[] {
    return this.#scripts.flatMap((script) => {
      const file = this.#file(script.src);
      return [isChunk(file) ? '' : file, ...this.#inline([script])];
    });
  }

  #file(src = ''): string {
    return this.#files.get(src) ?? '';
  }

  async #readAppBundle(): Promise<void> {
    const files = new ScriptFiles(this.#http, this.#signal);
    const sources = this.#sources.filter((src) => /_app\b/.test(src)).slice(0, maxFiles);
    const texts = await Promise.all(sources.map((src) => files.read(src)));
    for (const [index, src] of sources.entries()) this.#files.set(src, texts[index] ?? '');
  }

  async #readRemaining(): Promise<void> {
    const files = new ScriptFiles(this.#http, this.#signal);
    const sources = this.#sources.filter((src) => !this.#files.has(src)).slice(0, maxFiles);
    await files.readAll(sources, (text, src) => void this.#files.set(src, text));
  }

  get #sources(): string[] {
    return this.#scripts.flatMap(({src}) => src ?? []);
  }
}

/** Whether a script is a webpack chunk. Chunks are large and do not run without their runtime. */
const isChunk = (text: string): boolean => /webpackChunk|__webpack_require__/.test(text.slice(0, 2_000));

const isLikely = ({src, text}: Script) =>
  src !== undefined || (!text.includes('document.') && /function|=>/.test(text));
