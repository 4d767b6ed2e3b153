import type {ImageContent} from '@modelcontextprotocol/sdk/types.js';
import {readFile} from 'node:fs/promises';
import type {SavedFile} from './save-reply-files.js';

/** Larger images fill up the context of a model. In bytes. */
const maxBytes = 1_000_000;

/** The beginnings of the image files that clients can show. */
const signatures: readonly [string, RegExp][] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xFF\xD8\xFF/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/** The small images among some files, for the client to show, as far as all of them together are not too large. */
export async function imageContents(files: readonly SavedFile[]): Promise<ImageContent[]> {
  const contents: ImageContent[] = [];
  let used = 0;
  for (const {path, size} of files) {
    if (used + size > maxBytes) continue;
    const bytes = await readFile(path);
    const start = bytes.toString('latin1', 0, 12);
    const mimeType = signatures.find(([, signature]) => signature.test(start))?.[0];
    if (mimeType === undefined) continue;
    used += size;
    contents.push({type: 'image', data: bytes.toString('base64'), mimeType});
  }
  return contents;
}
