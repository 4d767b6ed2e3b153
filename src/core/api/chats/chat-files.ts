import {constants, type FileHandle, mkdir, readdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {PoeError} from '../../errors.js';
import {openRegularFile, readTextFile} from '../../files/regular-file.js';

/** Storage for the logs of local chats, by the chat's code. */
export interface ChatFiles {
  codes(): Promise<string[]>;
  /** Undefined if there is no such chat, or something other than a regular file in its place. */
  read(code: string): Promise<string | undefined>;
  /**
   * Appends complete lines in one write, so that several processes may write at the same time.
   * @param options.isMessage whether the lines are a message or a part of one
   * @returns false if there is no such chat and it is not a new one
   */
  append(code: string, lines: string, options: {isNew: boolean; isMessage: boolean}): Promise<boolean>;
  remove(code: string): Promise<void>;
}

const extension = '.jsonl';

/** Chats as files in a folder, which only their owner can read. Creates nothing before the first line. @throws PoeError `store` */
export function chatFolder(folder: string): ChatFiles {
  // A code never leads to another folder.
  const path = (code: string) => join(folder, basename(code) + extension);
  return {
    codes: () =>
      toStoreError(async () => {
        const names = await readdir(folder).catch(ifMissing((): string[] => []));
        return names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
      }),
    read: (code) => toStoreError(() => readTextFile(path(code)).catch(ifMissing(() => undefined))),
    append: (code, lines, {isNew}) =>
      toStoreError(async () => {
        if (isNew) await createFolder(folder);
        const {O_APPEND, O_RDWR, O_CREAT} = constants;
        const flags = O_APPEND | O_RDWR | (isNew ? O_CREAT : 0);
        const file = await openRegularFile(path(code), flags, 0o600).catch(ifMissing(() => undefined));
        if (!file) return false;
        try {
          await appendLines(file, lines);
        } finally {
          await file.close();
        }
        return true;
      }),
    remove: (code) => toStoreError(() => rm(path(code), {force: true})),
  };
}

/** Creates a folder and its parents. In Node 20, `recursive` hangs if the system reports ENOENT for a new folder (/proc). */
async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, {mode: 0o700});
  } catch (error) {
    if (isError(error, 'EEXIST')) return;
    if (!isError(error, 'ENOENT') || dirname(folder) === folder) throw error;
    await createFolder(dirname(folder));
    await mkdir(folder, {mode: 0o700}).catch(ifExists);
  }
}

const isError = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

function ifExists(error: unknown): void {
  // Another process has created it.
  if (!isError(error, 'EEXIST')) throw error;
}

/** Chats that end with the process. */
export function memoryChats(): ChatFiles {
  const chats = new Map<string, string>();
  return {
    codes: async () => [...chats.keys()],
    read: async (code) => chats.get(code),
    async append(code, lines, {isNew}) {
      if (!isNew && !chats.has(code)) return false;
      chats.set(code, (chats.get(code) ?? '') + lines);
      return true;
    },
    remove: async (code) => void chats.delete(code),
  };
}

/** Writes with one system call, because another process may write between two. If a crash cut the last line, starts a new one. */
async function appendLines(file: FileHandle, lines: string): Promise<void> {
  const {size} = await file.stat();
  const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
  const bytes = Buffer.from(last === '\n' ? lines : `\n${lines}`);
  const {bytesWritten} = await file.write(bytes);
  if (bytesWritten < bytes.length) throw new Error('Only a part was written');
}

function ifMissing<T>(fallback: () => T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTFILE') return fallback();
    throw error;
  };
}

async function toStoreError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PoeError('store', `The local chats could not be read or written${code}`, {
      hint: 'Check the free disk space and the permissions of the folder.',
      remedy: 'choose_folder',
      cause: error,
    });
  }
}
