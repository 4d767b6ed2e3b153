import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {PoeError} from '../../errors.js';
import {nonBlocking} from '../../files/non-blocking.js';

/** Storage for the logs of local chats, by the chat's code. */
export interface ChatFiles {
  codes(): Promise<string[]>;
  /** Undefined if there is no such chat, or something other than a regular file in its place. */
  read(code: string): Promise<string | undefined>;
  /**
   * When a chat was last written, in milliseconds since 1970; undefined if there is no such chat. Without it, all chats are read to find
   * the newest.
   */
  changedTime?(code: string): Promise<number | undefined>;
  /**
   * Appends complete lines in one write, so that several processes may write at the same time.
   * @returns false if there is no such chat and it is not a new one
   */
  append(code: string, lines: string, options: AppendOptions): Promise<boolean>;
  /** Removes a chat and its files. */
  remove(code: string): Promise<void>;
  /** Stores the files of messages. Without it, they are stored inside their messages. */
  readonly media?: MediaFiles;
}

export interface AppendOptions {
  isNew: boolean;
  /** Whether the lines are a message or a part of one. */
  isMessage: boolean;
  /** When the lines were written, ISO 8601, if they are copied from elsewhere. Default: now. */
  time?: string | undefined;
}

/** Storage for files that a bot sends inside its reply, by the code of the chat. */
export interface MediaFiles {
  /** @param name unique in the chat. @returns the `file:` URL */
  store(code: string, name: string, bytes: Uint8Array): Promise<string>;
  /** @param url a `file:` URL. @returns undefined if it is not the URL of such a file */
  read(url: string): Promise<Uint8Array | undefined>;
  /** Removes the files of a chat whose names begin with this. */
  remove(code: string, prefix: string): Promise<void>;
}

const extension = '.jsonl';

/**
 * Chats as files in a folder, which only their owner can read. Creates nothing before the first line. The files are written without
 * threads: starting those takes longer than writing a message. @throws PoeError `store`
 */
export function chatFolder(folder: string): ChatFiles {
  // A code never leads to another folder.
  const path = (code: string) => join(folder, basename(code) + extension);
  return {
    async codes() {
      const names = attempt((): string[] => ifFound(() => readdirSync(folder)) ?? []);
      return names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
    },
    read: async (code) =>
      attempt(() => ifFound(() => withRegularFile(path(code), constants.O_RDONLY, (file) => textOf(file)))),
    changedTime: async (code) => attempt(() => statSync(path(code), {throwIfNoEntry: false})?.mtimeMs),
    append: async (code, lines, {isNew, time}) =>
      attempt(() => {
        if (isNew) createFolder(folder);
        const flags = constants.O_APPEND | constants.O_RDWR | (isNew ? constants.O_CREAT : 0);
        const append = (file: number) => {
          appendLines(file, lines);
          if (time !== undefined) setTime(file, time);
          return true;
        };
        return ifFound(() => withRegularFile(path(code), flags, append)) ?? false;
      }),
    remove: async (code) =>
      attempt(() => {
        rmSync(path(code), {force: true});
        rmSync(join(folder, basename(code) + mediaExtension), {recursive: true, force: true});
      }),
    media: mediaFolder(folder),
  };
}

const mediaExtension = '.files';

/** Files in a folder for each chat. @throws PoeError `store` */
function mediaFolder(folder: string): MediaFiles {
  const folderOf = (code: string) => join(folder, basename(code) + mediaExtension);
  return {
    store: async (code, name, bytes) =>
      attempt(() => {
        createFolder(folderOf(code));
        const path = join(folderOf(code), basename(name));
        writeFileSync(path, bytes, {mode: 0o600});
        return pathToFileURL(path).href;
      }),
    async read(url) {
      // A URL with a host is that of a network share.
      if (!/^file:\/\/\//i.test(url) || !URL.canParse(url)) return undefined;
      const path = fileURLToPath(url);
      const parent = dirname(path);
      if (dirname(parent) !== folder || !parent.endsWith(mediaExtension)) return undefined;
      return attempt(() => ifFound(() => withRegularFile(path, constants.O_RDONLY, (file) => readFileSync(file))));
    },
    remove: async (code, prefix) =>
      attempt(() => {
        const names = ifFound(() => readdirSync(folderOf(code))) ?? [];
        for (const name of names) if (name.startsWith(prefix)) rmSync(join(folderOf(code), name), {force: true});
      }),
  };
}

/** Creates a folder and its parents. In Node 20, `recursive` hangs if the system reports ENOENT for a new folder (/proc). */
function createFolder(folder: string): void {
  try {
    mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    if (isError(error, 'EEXIST')) return;
    if (!isError(error, 'ENOENT') || dirname(folder) === folder) throw error;
    createFolder(dirname(folder));
    makeFolder(folder);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    // Another process has created it.
    if (!isError(error, 'EEXIST')) throw error;
  }
}

const isError = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

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
function appendLines(file: number, lines: string): void {
  const {size} = fstatSync(file);
  const last = Buffer.from('\n');
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  const bytes = Buffer.from(last.toString() === '\n' ? lines : `\n${lines}`);
  if (writeSync(file, bytes) < bytes.length) throw new Error('Only a part was written');
}

/** Files that are as old as what they contain are listed faster. */
function setTime(file: number, time: string): void {
  try {
    futimesSync(file, new Date(time), new Date(time));
  } catch {
    // A time that is none, or that the file system cannot store.
  }
}

/** Without a byte order mark. */
const textOf = (file: number): string => readFileSync(file, 'utf8').replace(/^\uFEFF/, '');

function withRegularFile<T>(path: string, flags: number, work: (file: number) => T): T {
  const file = openSync(path, flags | nonBlocking, 0o600);
  try {
    if (fstatSync(file).isFile()) return work(file);
    throw Object.assign(new Error('Not a regular file'), {code: 'ENOTFILE'});
  } finally {
    closeSync(file);
  }
}

/** @returns undefined if there is no file, or something other than a regular file in its place */
function ifFound<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isError(error, 'ENOENT') || isError(error, 'ENOTFILE')) return undefined;
    throw error;
  }
}

/** @throws PoeError `store` */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PoeError('store', `The local chats could not be read or written${code}`, {
      hint: 'Check the free disk space and the permissions of the folder.',
      remedy: 'choose_folder',
      cause: error,
    });
  }
}
