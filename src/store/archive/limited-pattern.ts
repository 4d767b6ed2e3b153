import {createContext, Script} from 'node:vm';
import {interruption, PoeError} from '../../core/errors.js';

/** How long the texts of a page may take. */
const maxMs = 5_000;

const script = new Script('texts.map((text) => pattern.test(text))');

/**
 * Tests texts with a regular expression of the user. Some take for ever, and nothing else runs meanwhile, not even the handler of Ctrl+C.
 * @throws PoeError `usage` if it takes too long, `interrupted` after Ctrl+C
 */
export function testAll(pattern: RegExp, texts: readonly string[]): boolean[] {
  try {
    return script.runInContext(createContext({pattern, texts}), {timeout: maxMs, breakOnSigint: true});
  } catch (error) {
    // The error is of the other context: not an instance of this one's Error.
    const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw interruption(undefined);
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new PoeError('usage', 'The regular expression takes too long', {hint: 'Use a simpler one.', cause: error});
  }
}
