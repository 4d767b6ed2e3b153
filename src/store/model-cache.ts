import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as v from 'valibot';
import type {ModelCache} from '../core/api/models.js';
import {writeAtomically} from './atomic-write.js';

const hourMs = 3_600_000;
const Kept = v.object({at: v.number(), site: v.string(), models: v.unknown()});

/** The list of the API's bots in a file, for an hour. That it cannot be kept is no failure. */
export function modelCacheFile(folder: string, site: string): ModelCache {
  const path = join(folder, 'models.json');
  return {
    async read() {
      try {
        const parsed = v.safeParse(Kept, JSON.parse(await readFile(path, 'utf8')));
        if (!parsed.success) return undefined;
        const {at, site: of, models} = parsed.output;
        const age = Date.now() - at;
        return of === site && age >= 0 && age < hourMs ? models : undefined;
      } catch {
        return undefined;
      }
    },
    async write(models) {
      try {
        writeAtomically(path, JSON.stringify({at: Date.now(), site, models}));
      } catch {
        // It is asked for again.
      }
    },
  };
}
