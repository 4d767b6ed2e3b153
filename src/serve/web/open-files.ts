import type {FileSource} from '../../core/options.js';
import {invalidRequest} from '../errors/serve-error.js';
import type {RequestFile} from '../formats/chat-request.js';

/** How many files a message may have, in a new chat with those of earlier messages. */
const maxFiles = 100;
/** How many of them are downloaded: other requests wait for that. */
const maxUrls = 5;

/** Downloads a file. @throws PoeError */
export type OpenUrl = (url: string, signal: AbortSignal) => Promise<FileSource>;

/** The files of a message, for sending. @throws ServeError if there are too many; PoeError if one cannot be downloaded */
export async function openFiles(
  files: readonly RequestFile[],
  openUrl: OpenUrl,
  signal: AbortSignal,
): Promise<FileSource[]> {
  if (files.length > maxFiles) throw invalidRequest(`A message can have at most ${maxFiles} files.`);
  const urls = files.filter((file) => 'url' in file);
  if (urls.length > maxUrls) throw invalidRequest(`A message can have at most ${maxUrls} files that are URLs.`);
  const opened: FileSource[] = [];
  for (const file of files) {
    if ('url' in file) opened.push(await openUrl(file.url, signal));
    else
      opened.push({name: file.name, label: file.name || 'the file in the message', content: inOnePiece(file.content)});
  }
  return opened;
}

async function* inOnePiece(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}
