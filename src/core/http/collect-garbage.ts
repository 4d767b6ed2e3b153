import {slowModules} from './slow-modules.js';

/** A text of this length is worth it: collecting takes some milliseconds. No reply of a bot is that long (512,000 in 2025). */
const minLength = 4 * 1024 * 1024;

/**
 * Frees what was needed to read a very long text, such as the bytes that it came from. V8 would wait until there is much more of
 * it. No other function of Node collects all garbage.
 * @param length of the text, in UTF-16 code units
 */
export function collectGarbage(length: number): void {
  if (length >= minLength) slowModules.v8().queryObjects(SyntaxError, {format: 'count'});
}
