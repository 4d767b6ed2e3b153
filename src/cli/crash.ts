import {crashHint, type Given, maskedLine, describeCrash} from './crash-report.js';

/* What bin/poe.js says of errors that nobody has caught, and of Node's warnings: built as a program of its own, dist/crash.cjs. */

/** What is to be written on stderr of an error that ends poe. */
export function crashMessage(error: unknown, given: Given): string {
  const {message, trace} = describeCrash(error, given);
  if (has(given, '--json')) {
    const failure = {code: 'not_understood', message, hint: crashHint, retryable: false};
    return `${JSON.stringify({error: failure})}\n`;
  }
  const lines = has(given, '-v', '--verbose') ? trace.map((line) => `     ${line}\n`) : [];
  return `poe: ${message}\n     ${crashHint}\n${lines.join('')}`;
}

/** What is to be written on stderr of a warning of Node's; those for programmers are for who wants to see all. */
export function warning({name, message}: Error, given: Given): string {
  const isForAll = name !== 'DeprecationWarning' && name !== 'ExperimentalWarning';
  const isHeard = has(given, '-v', '--verbose') || (isForAll && !has(given, '--json', '-q', '--quiet'));
  return isHeard ? `${maskedLine(`Node warns: ${message}`, given)}\n` : '';
}

const has = ({argv}: Given, ...flags: string[]): boolean => argv.some((word) => flags.includes(word));
