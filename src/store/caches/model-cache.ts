import {join} from 'node:path';
import * as v from 'valibot';
import type {ModelCache} from '../../core/api/models.js';
import {writeAtomically} from '../files/atomic-write.js';
import {readBytes, readTextFile} from '../files/read-file.js';

/*
 * The list has almost 1 MB, and parsing it takes as long as a tenth of a send. So the first line of the file says where the entry of
 * each bot is, and a send parses only one. The whole file is JSON, too.
 */

const maxAgeMs = 3_600_000;
const ModelFile = v.object({at: v.number(), site: v.string(), models: v.unknown()});
const RateFile = v.object({site: v.string(), pointsPerDollar: v.pipe(v.number(), v.minValue(1))});
const ModelList = v.object({data: v.array(v.unknown())});
/** What the first line contains, once it is closed. */
const Head = v.object({...ModelFile.entries, index: v.array(v.tuple([v.string(), v.number()]))});
const Entry = v.object({id: v.string()});
const closing = ']}}';
const separator = ',\n';

/** Caches the API's list of bots in a file for an hour, and the rate of points. It never fails: without the file the list is downloaded again. */
export function modelCacheFile(folder: string, site: string): ModelCache {
  const path = join(folder, 'models.json');
  const ratePath = join(folder, 'point-rate.json');
  const isCurrent = (stored: {at: number; site: string}): boolean => {
    const ageMs = Date.now() - stored.at;
    return stored.site === site && ageMs >= 0 && ageMs < maxAgeMs;
  };
  return {
    async read() {
      try {
        const stored = v.parse(ModelFile, JSON.parse(readTextFile(path)));
        return isCurrent(stored) ? stored.models : undefined;
      } catch {
        return undefined;
      }
    },
    async find(id) {
      try {
        const file = readBytes(path);
        const headEnd = file.indexOf('\n');
        const head = v.parse(Head, JSON.parse(file.toString('utf8', 0, headEnd) + closing));
        return isCurrent(head) ? entriesOf(id, file.subarray(headEnd + 1), head.index) : undefined;
      } catch {
        return undefined;
      }
    },
    async write(models) {
      try {
        writeAtomically(path, toText({at: Date.now(), site}, v.parse(ModelList, models).data));
      } catch {
        // The list is downloaded again next time.
      }
    },
    async readRate() {
      try {
        const stored = v.parse(RateFile, JSON.parse(readTextFile(ratePath)));
        return stored.site === site ? stored.pointsPerDollar : undefined;
      } catch {
        return undefined;
      }
    },
    async writeRate(pointsPerDollar) {
      try {
        writeAtomically(ratePath, JSON.stringify({site, pointsPerDollar}));
      } catch {
        // Without the file, the usual rate is used.
      }
    },
  };
}

function toText(head: {at: number; site: string}, models: readonly unknown[]): string {
  const entries = models.map((model) => JSON.stringify(model));
  const index = models.map((model, at) => [
    v.is(Entry, model) ? model.id.toLowerCase() : '',
    Buffer.byteLength(entries[at] ?? ''),
  ]);
  const firstLine = JSON.stringify({...head, index, models: {data: []}}).slice(0, -closing.length);
  return `${firstLine}\n${entries.join(separator)}\n${closing}\n`;
}

/** @param index the ID and the length in bytes of each entry */
function entriesOf(id: string, entries: Buffer, index: readonly [string, number][]): unknown[] {
  const found: unknown[] = [];
  let at = 0;
  for (const [name, length] of index) {
    if (name === id) found.push(JSON.parse(entries.toString('utf8', at, at + length)));
    at += length + separator.length;
  }
  return found;
}
