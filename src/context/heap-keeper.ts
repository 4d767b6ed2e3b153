import {getHeapStatistics} from 'node:v8';
import {collectAllGarbage} from '../core/http/collect-garbage.js';

/** A command starts with a heap of some 14 MB. With many requests a second, garbage would let it grow to 50 and more. */
const maxGrowth = 16 * 1024 * 1024;

/**
 * Keeps the memory of long work flat: V8 lets a heap grow as long as much of it is new, and takes what lives as long as a request for
 * long-lived.
 * @param every how often to check, which takes no time. Collecting takes some 30 milliseconds
 * @returns a function to call with the number of steps that are done
 */
export function heapKeeper(every: number): (count: number) => void {
  const limit = getHeapStatistics().total_heap_size + maxGrowth;
  return (count) => {
    if (count % every === 0 && getHeapStatistics().total_heap_size > limit) collectAllGarbage();
  };
}
