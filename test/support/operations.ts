import {Session} from 'node:inspector/promises';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {setFlagsFromString} from 'node:v8';

/** The sandbox simulates Poe, and the others belong to the tests. */
const ignored = /\/src\/sandbox\/|\/node_modules\/(?:@?vitest|vite|fast-check|chai|@sinonjs)\b/;

function isCounted(url: string): boolean {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  return ['src', 'node_modules'].some((folder) => path.startsWith(`${resolve(folder)}/`)) && !ignored.test(path);
}

// V8 does not count the calls of optimized functions.
setFlagsFromString('--no-opt');
const session = new Session();
session.connect();
await session.post('Profiler.enable');
// Loop passes are counted only in functions that are compiled afterwards.
await session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});

/** Counts the calls and the loop passes in poe and its libraries while `work` runs. */
async function countOperations(work: () => Promise<unknown>): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const {result} = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({url}) => isCounted(url))
    .flatMap(({functions}) => functions)
    .flatMap(({ranges}) => ranges)
    .reduce((sum, {count}) => sum + count, 0);
}

/**
 * The exponent by which the operations of `work` grow with its size, between a size and four times that: 1 is linear, 2 quadratic.
 */
export async function growthOf(size: number, work: (size: number) => Promise<unknown>): Promise<number> {
  // Loads what is loaded on first use.
  await work(1);
  const least = await countOperations(() => work(1));
  const once = await countOperations(() => work(size));
  const fourTimes = await countOperations(() => work(4 * size));
  return Math.log((fourTimes - least) / (once - least)) / Math.log((4 * size - 1) / (size - 1));
}
