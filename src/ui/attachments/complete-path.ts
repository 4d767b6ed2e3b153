import {readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {sanitizeLine} from '../../output/terminal/sanitize.js';

const maxCompletions = 50;

/** Completes a path; folders end in a slash. Names with invisible characters are left out. */
export function completePath(path: string): string[] {
  const [, folder = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(path) ?? [];
  try {
    return readdirSync(folder.replace(/^~(?=\/)/, () => homedir()) || '.', {withFileTypes: true})
      .filter(
        ({name}) => name.startsWith(start) && (start !== '' || !name.startsWith('.')) && sanitizeLine(name) === name,
      )
      .slice(0, maxCompletions)
      .map((entry) => folder + entry.name + (entry.isDirectory() ? '/' : ''))
      .toSorted();
  } catch {
    return [];
  }
}
