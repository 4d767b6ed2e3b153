import {PoeError} from '../errors.js';
import {fileUrls} from '../message.js';
import type {SaveFileOptions} from '../options.js';
import type {ArchiveFiles} from './archive-store.js';
import type {SyncEvent, SyncOptions, SyncResult} from './archive.js';
import type {Pauses} from './pauses.js';

export interface FileSource {
  /** Whether Poe, or this machine, serves a file: another server would learn that the user has the chat. */
  isOnPoe(url: string): Promise<boolean>;
  /** Downloads a file. @throws PoeError */
  saveFile(url: string, path: string, options: SaveFileOptions): Promise<unknown>;
}

/** After so many files in a row that cannot be downloaded, the others could not be either. */
const maxFailures = 5;

/**
 * Copies the files of the archived messages that it does not have yet.
 * @param options.result counts them
 * @throws PoeError if the network or the disk fails
 */
export async function* syncFiles(
  files: ArchiveFiles,
  source: FileSource,
  pauses: Pauses,
  {bot, since, signal, result}: SyncOptions & {result: SyncResult},
): AsyncGenerator<SyncEvent, void, undefined> {
  const urls = await missingUrls(files, source, {bot, since});
  let failures = 0;
  for (const [count, url] of urls.entries()) {
    yield {type: 'file', url, count, total: urls.length};
    if (count > 0 && isRemote(url)) await pauses.beforePage();
    try {
      await files.add(url, (path) => source.saveFile(url, path, {signal, onlyFromPoe: true}));
      result.files += 1;
      failures = 0;
    } catch (error) {
      if (!(error instanceof PoeError) || !isOfOneFile(error)) throw error;
      const limited = causesOf(error).find((cause) => cause instanceof PoeError && cause.code === 'rate_limited');
      if (limited) throw limited;
      if (isGone(error)) files.markMissing(url, new Date());
      else if (++failures === maxFailures) throw error;
      result.missingFiles += 1;
    }
  }
}

async function missingUrls(
  files: ArchiveFiles,
  source: FileSource,
  filter: Pick<SyncOptions, 'bot' | 'since'>,
): Promise<string[]> {
  const now = new Date();
  const urls = new Set<string>();
  for (const message of files.messages(filter)) {
    for (const url of fileUrls(message)) {
      if (!urls.has(url) && !files.isKnown(url, now) && (await source.isOnPoe(url))) urls.add(url);
    }
  }
  return [...urls];
}

const isRemote = (url: string): boolean => /^https?:/i.test(url);

/** Whether only this file may be affected, instead of the disk. */
const isOfOneFile = (error: PoeError): boolean =>
  ['file', 'too_large', 'network', 'timeout'].includes(error.code) &&
  !causesOf(error).some((cause) => 'code' in cause && diskErrors.has(cause.code));

const diskErrors: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EMFILE',
  'ENFILE',
]);

/** Whether it makes no sense to request the file again soon. A server that fails may work the next time. */
function isGone(error: PoeError): boolean {
  const status = causesOf(error).find((cause) => cause instanceof PoeError && cause.facts.status !== undefined);
  if (!(status instanceof PoeError)) return error.code === 'too_large' || error.code === 'file';
  const {status: code = 0} = status.facts;
  return code >= 400 && code < 500 && ![408, 425, 429].includes(code);
}

/** An error, its cause, the cause of that, and so on. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
