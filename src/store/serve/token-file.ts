import {type Stats, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {writeAtomically} from '../files/atomic-write.js';
import {attempt, isSystemError, toStoreError} from '../files/errors.js';
import {readSecretFile} from '../files/read-file.js';
import {withLock} from '../files/with-lock.js';

const StoredToken = v.object({
  /** The name of the program. */
  name: v.string(),
  /** SHA-256 of the token, in hexadecimal. */
  hash: v.pipe(v.string(), v.regex(/^[\da-f]{64}$/)),
  /** ISO 8601. */
  createdTime: v.string(),
  budget: v.nullable(v.object({limit: v.pipe(v.number(), v.safeInteger()), period: v.picklist(['day', 'month'])})),
  /** Patterns of bots, such as `claude-*`; null for all. */
  bots: v.nullable(v.array(v.string())),
});
/** A token of a program that uses `poe serve`. */
export type StoredToken = v.InferOutput<typeof StoredToken>;

const File = v.object({tokens: v.array(StoredToken)});

/** The folder of a profile's tokens and running servers. */
export const serveFolder = (profile: string, dir: string): string =>
  // A profile may be named `..`.
  join(resolve(dir), 'serve', profile.replaceAll('.', '%2E'));

/** The tokens of a profile, in a file that only its owner can read. The tokens themselves are not stored. */
export class TokenFile {
  readonly #path: string;
  #known: {tokens: readonly StoredToken[]; stats: Stats | undefined} | undefined;

  constructor(folder: string) {
    this.#path = join(folder, 'tokens.json');
  }

  /** The tokens as they are now; the file is read again only if it has changed. @throws PoeError `store` */
  current(): readonly StoredToken[] {
    const stats = attempt('read', this.#path, () => statSync(this.#path, {throwIfNoEntry: false}));
    if (!this.#known || !isSame(stats, this.#known.stats)) this.#known = {tokens: this.#read(), stats};
    return this.#known.tokens;
  }

  /** @throws PoeError `usage` if there is one with this name; `store` */
  async add(token: StoredToken): Promise<void> {
    await this.#update((tokens) => {
      if (tokens.some(({name}) => name === token.name)) {
        throw new PoeError('usage', `There is already a token named ${JSON.stringify(token.name)}`, {
          hint: 'Choose another name, or revoke that token first.',
        });
      }
      return [...tokens, token];
    });
  }

  /** @throws PoeError `usage` if there is none with this name; `store` */
  async remove(name: string): Promise<void> {
    await this.#update((tokens) => {
      const others = tokens.filter((each) => each.name !== name);
      if (others.length < tokens.length) return others;
      throw new PoeError('usage', `There is no token named ${JSON.stringify(name)}`, {
        hint:
          tokens.length === 0 ? 'There are no tokens.' : `There are: ${tokens.map((each) => each.name).join(', ')}.`,
      });
    });
  }

  async #update(change: (tokens: readonly StoredToken[]) => readonly StoredToken[]): Promise<void> {
    const path = this.#path;
    await withLock(path, () => {
      const tokens = change(this.#read());
      attempt('write', path, () => writeAtomically(path, `${JSON.stringify({tokens}, null, 2)}\n`));
    });
  }

  /** A damaged file is an error: nothing must be added to an empty list instead. */
  #read(): readonly StoredToken[] {
    let text: string;
    try {
      text = readSecretFile(this.#path, () => true).text;
    } catch (error) {
      if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return [];
      throw toStoreError(error, 'read', this.#path);
    }
    try {
      return v.parse(File, JSON.parse(text)).tokens;
    } catch (error) {
      throw new PoeError('store', `The file of the tokens is damaged: ${this.#path}`, {
        hint: 'Delete it, and create new tokens.',
        cause: error,
      });
    }
  }
}

const isSame = (one: Stats | undefined, other: Stats | undefined): boolean =>
  one?.mtimeMs === other?.mtimeMs && one?.size === other?.size && one?.ino === other?.ino;
