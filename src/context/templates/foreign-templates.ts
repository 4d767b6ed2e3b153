import {readdirSync, statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {readTextFile} from '../../store/files/read-file.js';
import {readFabricPattern} from './fabric-pattern.js';
import {readLlmTemplate} from './llm-template.js';
import type {Converted} from './template.js';

export interface ForeignTemplate {
  /** As a name of a template. */
  name: string;
  /** The path of its file. */
  from: string;
  /** @throws PoeError `file` */
  read(): Converted;
}

/**
 * The templates of other programs at a path: YAML files (llm), or folders with a file system.md (fabric), also in a folder
 * `patterns`.
 * @throws PoeError `file` if the path cannot be read
 */
export function findForeignTemplates(path: string): ForeignTemplate[] {
  if (!isFolder(path)) return isYaml(path) ? [llmTemplate(path)] : unknownFile(path);
  if (hasPattern(path)) return [fabricPattern(path)];
  const entries = readFolder(path);
  if (entries.includes('patterns') && isFolder(join(path, 'patterns')))
    return findForeignTemplates(join(path, 'patterns'));
  return entries.flatMap((entry) => {
    const each = join(path, entry);
    if (isYaml(entry)) return llmTemplate(each);
    return hasPattern(each) ? fabricPattern(each) : [];
  });
}

const llmTemplate = (path: string): ForeignTemplate => ({
  name: nameOf(basename(path, extname(path))),
  from: path,
  read: () => readLlmTemplate(read(path), path),
});

const fabricPattern = (folder: string): ForeignTemplate => ({
  name: nameOf(basename(folder)),
  from: join(folder, 'system.md'),
  read: () => readFabricPattern(read(join(folder, 'system.md')), readIfPresent(join(folder, 'user.md'))),
});

/** A file name as a name of a template. */
const nameOf = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 80) || 'template';

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);
const isFolder = (path: string): boolean => stats(path)?.isDirectory() ?? false;
const hasPattern = (path: string): boolean => stats(join(path, 'system.md'))?.isFile() ?? false;

function stats(path: string) {
  try {
    return statSync(path, {throwIfNoEntry: false});
  } catch {
    return undefined;
  }
}

const readIfPresent = (path: string): string => (stats(path)?.isFile() ? read(path) : '');

const read = (path: string): string => attempt(path, () => readTextFile(path));

const readFolder = (path: string): string[] =>
  attempt(path, () => readdirSync(path)).toSorted((a, b) => a.localeCompare(b));

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new PoeError('file', `Cannot read ${path}`, {cause: error});
  }
}

function unknownFile(path: string): never {
  const isMissing = stats(path) === undefined;
  throw new PoeError('file', isMissing ? `File not found: ${path}` : `${path} is no template of llm or fabric`, {
    hint: 'Name a folder with YAML files of llm, or with patterns of fabric.',
  });
}
