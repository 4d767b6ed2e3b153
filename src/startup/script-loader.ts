import {isAscii} from 'node:buffer';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {Script} from 'node:vm';
import type {CodeCache, CompiledScript} from './code-cache.js';

const head = '(function (exports, require, module, __filename, __dirname) {';
const [headBytes, tailBytes] = [Buffer.from(head), Buffer.from('\n})')];

type Wrapper = (
  exports: unknown,
  require: (id: string) => unknown,
  module: {exports: unknown},
  filename: string,
  folder: string,
) => void;

interface LoadedScript {
  script: Script;
  source: Buffer;
}

/** Loads CommonJS modules, as Node does, but with code that was compiled earlier. */
export class ScriptLoader {
  readonly #folder: string;
  readonly #require: (id: string) => unknown;
  readonly #cache: CodeCache;
  readonly #modules = new Map<string, {exports: unknown}>();
  readonly #scripts = new Map<string, LoadedScript>();
  #hasNew = false;

  /**
   * @param folder of the modules
   * @param options.require loads the modules of Node
   */
  constructor(folder: string, {require, cache}: {require: (id: string) => unknown; cache: CodeCache}) {
    this.#folder = folder;
    this.#require = require;
    this.#cache = cache;
  }

  /** Whether a script was loaded for which there was no compiled code. */
  get hasNew(): boolean {
    return this.#hasNew;
  }

  /** Loads a module. @returns what it exports. @throws what it throws */
  load(path: string): unknown {
    const loaded = this.#modules.get(path);
    if (loaded) return loaded.exports;
    const module = {exports: {}};
    this.#modules.set(path, module);
    const folder = dirname(path);
    const require = (id: string) => (id.startsWith('.') ? this.load(resolve(folder, id)) : this.#require(id));
    this.#compile(path).call(module.exports, module.exports, require, module, path, folder);
    return module.exports;
  }

  /** The compiled code of all scripts: with the functions that this process has called, and what earlier ones have loaded. */
  compiled(): ReadonlyMap<string, CompiledScript> {
    const compiled = new Map<string, CompiledScript>();
    for (const [name, {script, source}] of this.#scripts) compiled.set(name, {source, code: script.createCachedData()});
    for (const name of this.#cache.names) {
      // An update of poe may have deleted the script.
      const known = compiled.has(name) || !existsSync(join(this.#folder, name)) ? undefined : this.#cache.get(name);
      if (known) compiled.set(name, known);
    }
    return compiled;
  }

  #compile(path: string): Wrapper {
    const source = readFileSync(path);
    const name = relative(this.#folder, path);
    const known = this.#cache.get(name);
    const cachedData = known?.source.equals(source) ? known.code : undefined;
    const script = new Script(textOf(Buffer.concat([headBytes, source, tailBytes])), {
      filename: path,
      columnOffset: -head.length,
      ...(cachedData && {cachedData}),
    });
    this.#hasNew ||= cachedData === undefined || script.cachedDataRejected === true;
    this.#scripts.set(name, {script, source});
    // The script is a function expression.
    return script.runInThisContext() as Wrapper;
  }
}

/** The build escapes all other characters, because ASCII is decoded faster and takes half the memory. */
const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
