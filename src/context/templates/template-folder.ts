import {readdirSync, rmSync} from 'node:fs';
import {basename, join} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {closestNames, didYouMean} from '../../core/names/suggest.js';
import {writeAtomically} from '../../store/files/atomic-write.js';
import {attempt, isSystemError} from '../../store/files/errors.js';
import {readTextFile} from '../../store/files/read-file.js';
import {parseTemplate, type Template} from './template.js';

const extension = '.md';

/** The files of the user's templates, in a folder that only the user can read. */
export class TemplateFolder {
  constructor(readonly path: string) {}

  /** The path of a template. `name` may also be the path of a file. @throws PoeError `usage` */
  pathOf(name: string): string {
    return isPath(name) ? name : join(this.path, checkName(name) + extension);
  }

  /** The names of all templates, in alphabetical order. @throws PoeError `store` */
  names(): string[] {
    const files = attempt('read', this.path, () => {
      try {
        return readdirSync(this.path);
      } catch (error) {
        if (isSystemError(error, 'ENOENT')) return [];
        throw error;
      }
    });
    return files
      .filter((file) => file.endsWith(extension) && isName(basename(file, extension)))
      .map((file) => basename(file, extension))
      .toSorted((a, b) => a.localeCompare(b));
  }

  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** The text of a template's file. @param name or a path  @throws PoeError `file` if there is none */
  source(name: string): string {
    const path = this.pathOf(name);
    try {
      return readTextFile(path);
    } catch (error) {
      const isMissing = isSystemError(error, 'ENOENT');
      if (isMissing && !isPath(name)) throw this.#notFound(name);
      throw new PoeError('file', isMissing ? `File not found: ${path}` : `Cannot read ${path}`, {cause: error});
    }
  }

  /** @throws PoeError `file` */
  read(name: string): Template {
    return parseTemplate(this.source(name), name);
  }

  /** @throws PoeError `store` */
  write(name: string, source: string): void {
    const path = this.pathOf(name);
    attempt('write', path, () => writeAtomically(path, source));
  }

  /** @throws PoeError `file` if one is missing */
  requireAll(names: readonly string[]): void {
    const known = this.names();
    const missing = names.find((name) => !known.includes(checkName(name)));
    if (missing !== undefined) throw this.#notFound(missing);
  }

  /** @throws PoeError `store` */
  remove(name: string): void {
    const path = this.pathOf(name);
    attempt('delete', path, () => rmSync(path));
  }

  #notFound(name: string): PoeError {
    const similar = closestNames(name, this.names());
    return new PoeError('file', `No template named ${JSON.stringify(name)}`, {
      hint: similar.length > 0 ? didYouMean(similar) : undefined,
      remedy: 'list_templates',
    });
  }
}

/** Whether a template is named by the path of its file. */
export const isPath = (name: string): boolean => /[/\\]/.test(name) || name.endsWith(extension);

/** A name is also that of a file, and a word on the command line. */
const isName = (name: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,79}$/u.test(name);

/** @throws PoeError `usage` */
export function checkName(name: string): string {
  if (isName(name) && !isPath(name)) return name;
  throw new PoeError('usage', `Invalid name of a template: ${JSON.stringify(name)}`, {
    hint: 'Use letters, digits, ".", "-" and "_", without the extension .md.',
  });
}
