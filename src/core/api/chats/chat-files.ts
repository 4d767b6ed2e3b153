import {constants, type FileHandle, mkdir, open, readdir, readFile, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {PoeError} from '../../errors.js';

/** Where local chats are kept: a text of lines for each, by the chat's code. */
export interface ChatFiles {
  codes(): Promise<string[]>;
  /** Undefined where there is none. */
  read(code: string): Promise<string | undefined>;
  /**
   * Adds whole lines, in one piece, so that processes may write at the same time.
   * @returns false where there is no such text, and it is not a new one
   */
  append(code: string, lines: string, options: {isNew: boolean}): Promise<boolean>;
  remove(code: string): Promise<void>;
}

const ending = '.jsonl';

/** Files in a folder, which only their owner can read. Nothing is made before the first line. @throws PoeError `store` */
export function chatFolder(folder: string): ChatFiles {
  // Whatever a code is, it leads to no other folder.
  const path = (code: string) => join(folder, basename(code) + ending);
  return {
    codes: () =>
      guarded(async () => {
        const names = await readdir(folder).catch(ifMissing((): string[] => []));
        return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
      }),
    read: (code) => guarded(() => readFile(path(code), 'utf8').catch(ifMissing(() => undefined))),
    append: (code, lines, {isNew}) =>
      guarded(async () => {
        if (isNew) await mkdir(folder, {recursive: true, mode: 0o700});
        const {O_APPEND, O_RDWR, O_CREAT} = constants;
        const file = await open(path(code), O_APPEND | O_RDWR | (isNew ? O_CREAT : 0), 0o600).catch(
          ifMissing(() => undefined),
        );
        if (!file) return false;
        try {
          await write(file, lines);
        } finally {
          await file.close();
        }
        return true;
      }),
    remove: (code) => guarded(() => rm(path(code), {force: true})),
  };
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

/** One call of the system, for two could be parted by another process. After a line that a crash tore, a new one begins. */
async function write(file: FileHandle, lines: string): Promise<void> {
  const {size} = await file.stat();
  const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
  const bytes = Buffer.from(last === '\n' ? lines : `\n${lines}`);
  const {bytesWritten} = await file.write(bytes);
  if (bytesWritten < bytes.length) throw new Error('The disk took only a part');
}

function ifMissing<T>(instead: () => T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead();
    throw error;
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PoeError('store', `The local chats could not be read or written${code}`, {
      hint: 'Check the room on the disk and the rights of the folder, or choose another with POE_CONFIG_DIR.',
      cause: error,
    });
  }
}
