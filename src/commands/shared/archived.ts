import type {ArchiveStore} from '../../core/archive/archive-store.js';
import type {StoredFiles} from '../../context/export/copy-files.js';
import {fileUrls} from '../../core/message.js';
import type {Chat, Message} from '../../core/model.js';
import type {TranscriptFormat} from '../../output/transcript/transcript.js';

/** What an export uses of the archive. */
export type CopiedChats = Pick<ArchiveStore, 'messages' | 'files'>;

/** Adds the sources that bots named, which Poe sends only one message at a time, if the archive has them. */
export function withCitations(chat: Chat, messages: readonly Message[], archive: CopiedChats | undefined): Message[] {
  if (!archive || !messages.some(({hasCitations}) => hasCitations)) return [...messages];
  const citations = new Map(
    [...archive.messages(chat.chatCode ?? String(chat.chatId))].map((copy) => [copy.messageId, copy.citations]),
  );
  return messages.map((message) => {
    const found = message.hasCitations ? citations.get(message.messageId) : undefined;
    return found ? Object.assign({}, message, {citations: found}) : message;
  });
}

/** The copies of the files of messages, except of the images that a page contains. Only JSON refers to thumbnails. */
export function storedFiles(
  messages: readonly Message[],
  archive: CopiedChats | undefined,
  {format, images}: {format: TranscriptFormat; images: ReadonlyMap<string, string> | undefined},
): StoredFiles {
  const found = new Map<string, {path: string; name: string | null}>();
  const missing: string[] = [];
  for (const message of messages) {
    const names = new Map(message.attachments.map(({url, name}) => [url, name]));
    for (const url of new Set(fileUrls(message, {thumbnails: format === 'json'}))) {
      if (images?.has(url)) continue;
      const path = archive?.files.find(url);
      if (path === undefined) missing.push(url);
      else found.set(url, {path, name: names.get(url) ?? null});
    }
  }
  return {found, missing};
}

/** The largest image that a page contains, in bytes. */
const maxBytes = 20_000_000;

/** A copy of an image; undefined if the archive has none. */
export async function archivedImage(url: string, archive: CopiedChats | undefined): Promise<Uint8Array | undefined> {
  const path = archive?.files.find(url);
  if (path === undefined) return undefined;
  const {readFile, stat} = await import('node:fs/promises');
  if ((await stat(path)).size > maxBytes) return undefined;
  return readFile(path);
}
