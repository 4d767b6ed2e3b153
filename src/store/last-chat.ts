import {rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import * as v from 'valibot';
import type {Chat} from '../core/model.js';
import {writeAtomically} from './files/atomic-write.js';
import {defaultConfigFolder} from './files/folder.js';
import {readTextFile} from './files/read-file.js';
import {StoredChat} from './stored-chat.js';

/** The chat used last, and the base URL of its site. */
export interface LastChat {
  chat: Chat;
  site: string;
  /** When it was used. ISO 8601. */
  at?: string;
}

/** Stores the last chat of a profile. If two processes write at once, one of them wins. */
export interface LastChatFile {
  /** Undefined if there is none, or the file is damaged. */
  read(): LastChat | undefined;
  /** @throws the system's error */
  write(last: LastChat | undefined): void;
}

/** The last chat in its own file: it changes with every message, and writing the settings file is slow. */
export function lastChatFile(profile: string, dir = defaultConfigFolder()): LastChatFile {
  // A profile may be named `..`.
  const path = join(resolve(dir), 'last', `${profile.replaceAll('.', '%2E')}.json`);
  return {
    read() {
      try {
        return v.parse(StoredLastChat, JSON.parse(readTextFile(path)));
      } catch {
        return undefined;
      }
    },
    write(last) {
      if (last) writeAtomically(path, JSON.stringify(last));
      else rmSync(path, {force: true});
    },
  };
}

/** The last chat in memory. */
export function memoryLastChat(): LastChatFile {
  let last: LastChat | undefined;
  return {read: () => last, write: (next) => void (last = next)};
}

const StoredLastChat: v.GenericSchema<unknown, LastChat> = v.looseObject({
  chat: StoredChat,
  site: v.string(),
  at: v.optional(v.string()),
});
