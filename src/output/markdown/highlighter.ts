import type {Code} from './highlight.js';
import {language, type Parser} from './languages.js';

/** Colors code blocks. The parser of a language is loaded when a text first contains a block of it. */
export class Highlighter {
  readonly #parsers = new Map<string, Parser | undefined>();
  #Code: typeof Code | undefined;

  /** Loads the parsers for the code blocks of a text. @returns undefined if all are loaded */
  load(markdown: string): Promise<void> | undefined {
    const names = new Set([...markdown.matchAll(fences)].map(([, name = '']) => name.toLowerCase()));
    const missing = [...names].filter((name) => !this.#parsers.has(name) && language(name));
    return missing.length === 0 ? undefined : this.#load(missing);
  }

  /**
   * Starts a code block.
   * @param info the text after the fence
   * @returns undefined if the language is unknown or not loaded
   */
  start(info: string): Code | undefined {
    const parser = this.#parsers.get(nameIn(info));
    return parser && this.#Code && new this.#Code(parser);
  }

  /** If a parser cannot be loaded, the code is shown without colors. */
  async #load(names: readonly string[]): Promise<void> {
    try {
      this.#Code ??= (await import('./highlight.js')).Code;
      for (const name of names) this.#parsers.set(name, await language(name)?.());
    } catch {
      for (const name of names) if (!this.#parsers.has(name)) this.#parsers.set(name, undefined);
    }
  }
}

const fences = /(?:`{3}|~{3})[ \t]*([\w#+-]+)/g;

const nameIn = (info: string): string => /^[\w#+-]*/.exec(info.trim())?.[0].toLowerCase() ?? '';
