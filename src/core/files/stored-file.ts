import {PoeError} from '../errors.js';

/** Reads a file that a chat on this machine stores, by its `file:` URL. @returns undefined if no chat stores it */
export type ReadStoredFile = (url: string) => Promise<Uint8Array | undefined>;

/** Whether the content of a URL is on this machine: in the URL, or in a file. */
export const isLocalUrl = (url: string): boolean => /^(?:data|file):/i.test(url);

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The content of a local URL. Files are read only if a chat stores them: a bot may name any other file.
 * @throws PoeError `file`
 */
export async function readLocalUrl(url: string, read: ReadStoredFile | undefined): Promise<Uint8Array> {
  const [, isBase64, content] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(url) ?? [];
  if (content !== undefined) return isBase64 ? Buffer.from(content, 'base64') : Buffer.from(decodeText(content));
  const bytes = /^file:/i.test(url) ? await read?.(url) : undefined;
  if (bytes) return bytes;
  throw new PoeError('file', 'The file is not stored on this machine', {hint: 'It may have been deleted.'});
}
