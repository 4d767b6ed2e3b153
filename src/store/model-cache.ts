import {join} from 'node:path';
import * as v from 'valibot';
import type {ModelCache} from '../core/api/models.js';
import {writeAtomically} from './files/atomic-write.js';
import {readTextFile} from './files/read-file.js';

const maxAgeMs = 3_600_000;
const ModelFile = v.object({at: v.number(), site: v.string(), models: v.unknown()});

/** Caches the API's list of bots in a file for an hour. It never fails: without the file the list is downloaded again. */
export function modelCacheFile(folder: string, site: string): ModelCache {
  const path = join(folder, 'models.json');
  return {
    async read() {
      try {
        const stored = v.parse(ModelFile, JSON.parse(readTextFile(path)));
        const ageMs = Date.now() - stored.at;
        return stored.site === site && ageMs >= 0 && ageMs < maxAgeMs ? stored.models : undefined;
      } catch {
        return undefined;
      }
    },
    async write(models) {
      try {
        writeAtomically(path, JSON.stringify({at: Date.now(), site, models}));
      } catch {
        // The list is downloaded again next time.
      }
    },
  };
}
