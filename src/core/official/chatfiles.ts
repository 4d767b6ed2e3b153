import {appendFile, mkdir, readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {PoeError} from '../errors.js';

/** Where local chats are kept: a text of lines for each, by the chat's code. */
export interface ChatFiles {
  codes(): Promise<string[]>;
  /** Undefined where there is none. */
  read(code: string): Promise<string | undefined>;
  /** Adds whole lines, in one piece, so that processes may write at the same time. */
  append(code: string, lines: string): Promise<void>;
  remove(code: string): Promise<void>;
}

const ending = '.jsonl';

/** Files in a folder, which only their owner can read. Nothing is made before the first line. @throws PoeError `store` */
export function chatFolder(folder: string): ChatFiles {
  const path = (code: string) => join(folder, code + ending);
  return {
    codes: () =>
      guarded(async () => {
        const names = await readdir(folder).catch(ifMissing((): string[] => []));
        return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
      }),
    read: (code) => guarded(() => readFile(path(code), 'utf8').catch(ifMissing(() => undefined))),
    append: (code, lines) =>
      guarded(async () => {
        await mkdir(folder, {recursive: true, mode: 0o700});
        await appendFile(path(code), lines, {mode: 0o600});
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
    append: async (code, lines) => void chats.set(code, (chats.get(code) ?? '') + lines),
    remove: async (code) => void chats.delete(code),
  };
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
      hint: 'Check the rights of the folder, or choose another with POE_CONFIG_DIR.',
      cause: error,
    });
  }
}
