import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import {writeAtomically} from '../files/atomic-write.js';
import {attempt} from '../files/errors.js';
import {isRunning} from '../files/lock.js';
import {readTextFile} from '../files/read-file.js';

const RunningEntry = v.object({
  pid: v.number(),
  url: v.string(),
  /** Recognizes the server: another one may have its port by now. */
  id: v.string(),
  /** Reads the server's status. */
  key: v.string(),
});
export type RunningEntry = v.InferOutput<typeof RunningEntry>;

/** The servers of a profile that are running, each in a file that only its owner can read. */
export class RunningServers {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds a server of this process. @returns a function that removes it. @throws PoeError `store` */
  add(server: Omit<RunningEntry, 'pid'>): () => void {
    const path = this.#pathOf({pid: process.pid, id: server.id});
    attempt('write', path, () => writeAtomically(path, JSON.stringify({pid: process.pid, ...server})));
    return () => removeFile(path);
  }

  /** The servers whose processes are running. Files of others are removed if possible. */
  list(): RunningEntry[] {
    return filesIn(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name);
      const entry = readEntry(path);
      if (entry && isRunning(entry.pid)) return [entry];
      removeFile(path);
      return [];
    });
  }

  /** Removes a server that does not answer any more. */
  remove(entry: Pick<RunningEntry, 'pid' | 'id'>): void {
    removeFile(this.#pathOf(entry));
  }

  #pathOf({pid, id}: Pick<RunningEntry, 'pid' | 'id'>): string {
    return join(this.#folder, `running-${pid}-${id}.json`);
  }
}

/** If it stays, as in a folder that cannot be changed, its server is not found anyway. */
function removeFile(path: string): void {
  try {
    rmSync(path, {force: true});
  } catch {
    // The next `list` tries again.
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^running-\d+-[\da-f]+\.json$/.test(name));
  } catch {
    return [];
  }
}

function readEntry(path: string): RunningEntry | undefined {
  try {
    return v.parse(RunningEntry, JSON.parse(readTextFile(path)));
  } catch {
    return undefined;
  }
}
