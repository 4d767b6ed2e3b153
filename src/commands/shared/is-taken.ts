import {lstatSync} from 'node:fs';

/** Whether there is anything at a path; a broken symbolic link counts. */
export function isTaken(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
