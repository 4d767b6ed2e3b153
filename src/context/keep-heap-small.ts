import {setFlagsFromString} from 'node:v8';

/**
 * Keeps the memory of long work flat, for the rest of the process. V8 would let the space for new objects grow to 32 MB, and the heap
 * to four times what is in use, or by 8 MB. It reads these flags each time it decides (Node 20 to 24). To collect garbage from here
 * instead takes more time than the work.
 * @param options.isTiny whether the work needs so little memory that even 8 MB are much; takes more CPU time
 */
export function keepHeapSmall({isTiny}: {isTiny: boolean}): void {
  // The factor by which the space for new objects grows. On the command line, V8 takes it for 2.
  setFlagsFromString('--semi-space-growth-factor=1');
  // The heap is collected when it is larger by this much than what was in use the last time.
  setFlagsFromString('--heap-growing-percent=30');
  // Without this, it also grows by at least 8 MB, which is as much as the work of a batch takes; with it, by 2 MB.
  if (isTiny) setFlagsFromString('--optimize-for-size');
}
