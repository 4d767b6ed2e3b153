import {shell as library} from '@codemirror/legacy-modes/mode/shell';
import type {LineParser} from './line-code.js';

/** The library takes `#` within a word, as in a URL, for the start of a comment. */
export const shell: LineParser = {
  ...library,
  token(stream, state) {
    const isInWord = stream.peek() === '#' && /[^\s;&|()<>]/.test(stream.string.charAt(stream.pos - 1));
    if (!isInWord || isInString(state)) return library.token(stream, state);
    stream.next();
    return null;
  },
};

const isInString = (state: unknown): boolean => (state as {tokens: unknown[]}).tokens.length > 0;
