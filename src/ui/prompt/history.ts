import {appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import type {InputHistory} from './prompt-state.js';

const maxLines = 1000;

/** Reads the stored input, oldest first. A file that cannot be read has none. */
export function readHistory(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    const lines = readFileSync(path, 'utf8').split('\n').flatMap(parseLine);
    if (lines.length <= 2 * maxLines) return lines;
    writeFileSync(path, linesOf(lines.slice(-maxLines)), {mode: 0o600});
    return lines.slice(-maxLines);
  } catch {
    return [];
  }
}

/** Adds lines to a file that only its owner can read. */
export function storeHistory(path: string, lines: InputHistory): void {
  try {
    mkdirSync(dirname(path), {recursive: true, mode: 0o700});
    appendFileSync(path, linesOf(lines), {mode: 0o600});
    chmodSync(path, 0o600);
  } catch {
    // The disk may be full, or the folder read-only: the chat goes on.
  }
}

const linesOf = (lines: InputHistory): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

function parseLine(json: string): string[] {
  try {
    const line: unknown = JSON.parse(json);
    return typeof line === 'string' ? [line] : [];
  } catch {
    return [];
  }
}
