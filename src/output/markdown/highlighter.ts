import type {Code} from './code/code.js';
import {language} from './code/languages.js';
import {LimitedCode} from './code/limited-code.js';

/** Colors code blocks. The parser of a language is loaded when a text first contains a block of it. */
export class Highlighter {
  /** Code at the start of a block, by language; undefined if the language could not be loaded. */
  readonly #starts = new Map<string, Code | undefined>();

  /** Loads the parsers for the code blocks of a text. @returns undefined if all are loaded */
  load(markdown: string): Promise<void> | undefined {
    const names = new Set([...markdown.matchAll(fences)].map(([, name = '']) => name.toLowerCase()));
    const missing = [...names].filter((name) => !this.#starts.has(name) && language(name));
    return missing.length === 0 ? undefined : this.#load(missing);
  }

  /**
   * Starts a code block.
   * @param info the text after the fence
   * @returns undefined if the language is unknown or not loaded
   */
  start(info: string): Code | undefined {
    return this.#starts.get(nameIn(info));
  }

  /** If a language cannot be loaded, its code is shown without colors. */
  async #load(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const code = await language(name)?.().catch(() => undefined);
      this.#starts.set(name, code && new LimitedCode(code));
    }
  }
}

const fences = /(?:`{3}|~{3})[ \t]*([\w#+-]+)/g;

const nameIn = (info: string): string => /^[\w#+-]*/.exec(info.trim())?.[0].toLowerCase() ?? '';
