import {accessSync, constants, realpathSync, statSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import process from 'node:process';
import type {Finding} from '../../core/finding.js';

/**
 * Which program the shell starts as `poe`. Other packages install a program of this name too, such as poe-code and the Python
 * package poethepoet.
 */
export function installedPrograms(path: string | undefined): Finding {
  const own = resolved(process.argv[1] ?? '');
  const programs = programsNamed('poe', path).map((program) => ({program, isOwn: resolved(program) === own}));
  const node = `Node.js ${process.versions.node}`;
  const base: Finding = {layer: 'program', state: 'ok', detail: `${own}, ${node}`, hint: null, code: null, facts: {}};
  if (programs.filter(({isOwn}) => !isOwn).length === 0) return base;
  const list = programs.map(({program, isOwn}) => (isOwn ? `${program} (this one)` : program));
  return {
    ...base,
    detail: `${node}. Programs named poe, of which the shell starts the first: ${list.join(', ')}`,
    hint: 'poe-cli always starts this one.',
  };
}

/** The executable files with this name in the folders of PATH, without further links to the same file. */
function programsNamed(name: string, path = ''): string[] {
  const names = process.platform === 'win32' ? ['.cmd', '.exe', '.ps1'].map((extension) => name + extension) : [name];
  const found = new Map<string, string>();
  for (const folder of path.split(delimiter)) {
    for (const file of names.map((each) => join(folder, each))) {
      if (folder !== '' && isExecutable(file) && !found.has(resolved(file))) found.set(resolved(file), file);
    }
  }
  return [...found.values()];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
