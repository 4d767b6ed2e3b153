import type {Code} from './highlight.js';
import {language, type Parser} from './languages.js';

/** Starts code in colour. What that takes is loaded when a text first has a block of a language that is known. */
export class Highlighter {
  readonly #parsers = new Map<string, Parser | undefined>();
  #Code: typeof Code | undefined;

  /** Loads what the code blocks of a text take. @returns undefined where all is at hand */
  load(markdown: string): Promise<void> | undefined {
    const names = new Set([...markdown.matchAll(fences)].map(([, name = '']) => name.toLowerCase()));
    const wanted = [...names].filter((name) => !this.#parsers.has(name) && language(name));
    return wanted.length === 0 ? undefined : this.#load(wanted);
  }

  /**
   * @param info what stands behind the fence
   * @returns undefined for a language that is not known, or not loaded
   */
  start(info: string): Code | undefined {
    const parser = this.#parsers.get(nameIn(info));
    return parser && this.#Code && new this.#Code(parser);
  }

  async #load(names: readonly string[]): Promise<void> {
    this.#Code ??= (await import('./highlight.js')).Code;
    for (const name of names) this.#parsers.set(name, await language(name)?.());
  }
}

const fences = /(?:`{3}|~{3})[ \t]*([\w#+-]+)/g;

const nameIn = (info: string): string => /^[\w#+-]*/.exec(info.trim())?.[0].toLowerCase() ?? '';
