import {type Attachment, lookUp} from './attachment.js';
import {spellings} from './mention.js';

/**
 * The files in a text that consists only of absolute paths of files. Terminals insert such a text if files are dropped on them:
 * paths in quotes, with backslashes before blanks, as `file:` URLs, or as they are.
 * @returns undefined if it is another text
 */
export function droppedFiles(text: string): string[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > maxLength || !isAbsolute.test(trimmed)) return undefined;
  const whole = fileAt(trimmed);
  if (whole) return [whole];
  // Terminals put blanks between dropped files. Paths on lines of their own are copied text; URLs may be either.
  if (trimmed.includes('\n') && !trimmed.startsWith('file:')) return undefined;
  const words = trimmed.match(/"[^"]+"|'[^']+'|(?:\\.|[^\s\\])+/gs) ?? [];
  const files = words.map((word) => (isAbsolute.test(word) ? fileAt(word) : undefined));
  return files.every((file) => file !== undefined) ? files : undefined;
}

const maxLength = 20_000;

/** Starts with `/`, `C:\`, `\\server` or `file:`, perhaps in quotes. */
const isAbsolute = /^["']?(?:\/|[A-Za-z]:[\\/]|\\\\|file:\/\/)/;

function fileAt(word: string): string | undefined {
  const unquoted = /^(["'])(.*)\1$/s.exec(word)?.[2];
  const found = lookUp(unquoted === undefined ? spellings(word) : [unquoted]);
  return 'problem' in found ? undefined : (found satisfies Attachment).source;
}
