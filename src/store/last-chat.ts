import {readFileSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import * as v from 'valibot';
import type {Chat} from '../core/model.js';
import {StoredChat} from './stored-chat.js';
import {defaultFolder} from './folder.js';
import {writeAtomically} from './atomic-write.js';

/** The chat used last, and the address of the site it is on. */
export interface LastChat {
  chat: Chat;
  site: string;
  /** When it was used. ISO 8601. */
  at?: string;
}

/** Keeps one profile's last chat. Of two that are written at once, one stays. */
export interface LastChatFile {
  /** Undefined where there is none, or none that can be understood. */
  read(): LastChat | undefined;
  /** @throws the system's error */
  write(last: LastChat | undefined): void;
}

/**
 * In a file of its own beside the settings: it changes with each message, and those are dear to write. A profile's name may be
 * `..`.
 */
export function lastChatFile(profile: string, dir = defaultFolder()): LastChatFile {
  const path = join(resolve(dir), 'last', `${profile.replaceAll('.', '%2E')}.json`);
  return {
    read() {
      try {
        return v.parse(Kept, JSON.parse(readFileSync(path, 'utf8')));
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

/** One that ends with the process. */
export function memoryLastChat(): LastChatFile {
  let kept: LastChat | undefined;
  return {read: () => kept, write: (last) => void (kept = last)};
}

const Kept: v.GenericSchema<unknown, LastChat> = v.looseObject({
  chat: StoredChat,
  site: v.string(),
  at: v.optional(v.string()),
});
