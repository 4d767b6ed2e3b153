import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {isEqual, plain, type PromptText, type Range} from './prompt-text.js';

const maxLines = 1000;
const maxReadBytes = 4_000_000;
/** A longer line is in the history until the chat ends, but is not stored. In characters. */
const maxStoredLength = 1_000_000;

/** Reads the stored input, oldest first. A file that cannot be read has none; of a damaged one, damaged lines are left out. */
export function readHistory(path: string | undefined): PromptText[] {
  if (path === undefined) return [];
  try {
    const {text, isWhole} = readEnd(path);
    const lines = text.split('\n').flatMap(parseLine);
    if (isWhole && lines.length <= 2 * maxLines) return lines;
    writeFileSync(path, lines.slice(-maxLines).map(formatLine).join(''), {mode: 0o600});
    return lines.slice(-maxLines);
  } catch {
    return [];
  }
}

/** Adds lines to a file that only its owner can read. */
export function storeHistory(path: string, lines: readonly PromptText[]): void {
  const text = lines
    .filter((line) => line.text.length <= maxStoredLength)
    .map(formatLine)
    .join('');
  if (text === '') return;
  try {
    createFolder(dirname(path));
    appendFileSync(path, endsInLine(path) ? `\n${text}` : text, {mode: 0o600});
    chmodSync(path, 0o600);
  } catch {
    // The disk may be full, or the folder read-only: the chat goes on.
  }
}

/** Node's recursive `mkdirSync` never returns for a folder that the system calls missing again and again, as in /proc. */
function createFolder(path: string): void {
  if (existsSync(path)) return;
  createFolder(dirname(path));
  mkdirSync(path, {mode: 0o700});
}

/** The end of a file, so that a large one does not delay the chat. Its first line may be incomplete. */
function readEnd(path: string): {text: string; isWhole: boolean} {
  const file = openSync(path, 'r');
  try {
    const {size} = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, maxReadBytes));
    const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return {text: bytes.toString('utf8', 0, length), isWhole: size <= maxReadBytes};
  } finally {
    closeSync(file);
  }
}

/** Whether the last line of a file was not written completely. */
function endsInLine(path: string): boolean {
  let file;
  try {
    file = openSync(path, 'r');
    const {size} = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A line is a JSON string, or an object if some of its text attaches files or was pasted. */
const formatLine = (line: PromptText): string =>
  `${JSON.stringify(isEqual(line, plain(line.text)) ? line.text : line)}\n`;

function parseLine(json: string): PromptText[] {
  try {
    const line: unknown = JSON.parse(json);
    if (typeof line === 'string') return [plain(line)];
    if (typeof line !== 'object' || line === null || !('text' in line) || typeof line.text !== 'string') return [];
    const {text} = line;
    const mentions = 'mentions' in line && Array.isArray(line.mentions) ? line.mentions : [];
    const folds = 'folds' in line && Array.isArray(line.folds) ? line.folds : [];
    return [
      {
        text,
        mentions: mentions.filter((at): at is number => isIndex(at) && text[at] === '@'),
        folds: folds.filter(isRange),
        ...('isShellCommand' in line && line.isShellCommand === true && {isShellCommand: true}),
      },
    ];
  } catch {
    return [];
  }
}

const isRange = (value: unknown): value is Range => Array.isArray(value) && value.length === 2 && value.every(isIndex);

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
