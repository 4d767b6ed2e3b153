import {statSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import type {RejectionTimes} from '../../core/api/ask/rejected-fields.js';
import {writeAtomically} from '../files/atomic-write.js';
import {readTextFile} from '../files/read-file.js';

const StoredFields = v.object({site: v.string(), bots: v.record(v.string(), v.record(v.string(), v.number()))});

/** The file with the fields that bots of an API have rejected. It never fails: without it, bots reject them again. */
export function rejectedFieldsFile(folder: string, site: string) {
  const path = join(folder, 'rejected-fields.json');
  return {
    read(): RejectionTimes {
      try {
        // An error takes longer than this, and there is usually no such file.
        if (!statSync(path, {throwIfNoEntry: false})) return {};
        const stored = v.parse(StoredFields, JSON.parse(readTextFile(path)));
        return stored.site === site ? stored.bots : {};
      } catch {
        return {};
      }
    },
    write(bots: RejectionTimes): void {
      try {
        writeAtomically(path, JSON.stringify({site, bots}));
      } catch {
        // They are rejected again next time.
      }
    },
  };
}
