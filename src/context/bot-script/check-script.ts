import {existsSync} from 'node:fs';
import {PoeError} from '../../core/errors.js';

/** @throws PoeError `file`, `usage` if a script cannot be run */
export function checkScript(path: string): void {
  if (!/\.[cm]?[jt]s$/.test(path)) {
    throw new PoeError('usage', `${path} is neither JavaScript nor TypeScript`, {
      hint: 'The name of a script ends with .js, .mjs, .cjs, .ts, .mts or .cts.',
    });
  }
  if (!existsSync(path)) throw new PoeError('file', `There is no file ${path}`);
  if (/\.[cm]?ts$/.test(path) && !runsTypeScript()) {
    throw new PoeError('file', `Node.js ${process.versions.node} cannot run TypeScript`, {
      hint: 'Use Node.js 22.18 or newer, or compile the script to JavaScript.',
    });
  }
}

/** Node runs TypeScript without a flag since 22.18 and 23.6. */
const runsTypeScript = (): boolean => 'typescript' in process.features && Boolean(process.features.typescript);
