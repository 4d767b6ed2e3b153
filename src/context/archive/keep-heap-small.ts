import {shrinkHeap} from '../../core/http/collect-garbage.js';

/** How often the size of the heap is checked. */
const chatsPerCheck = 50;

/** Frees memory from time to time while many chats are copied: V8 would let the heap double first. @param count of chats so far */
export function keepHeapSmall(count: number): void {
  if (count % chatsPerCheck === 0) shrinkHeap();
}
