import {type Command, InvalidArgumentError} from 'commander';

interface LimitFlags {
  limit?: number;
  all?: boolean;
}

/** How many items a list shows. */
export function addLimit(command: Command, usual: number, what: string): Command {
  return command
    .option('-n, --limit <count>', `Maximum number of ${what} (default: ${usual})`, parseCount)
    .option('--all', `Show all ${what}`);
}

/**
 * @param command of which a command above may have taken the flags, if it has them too
 * @returns the limit, undefined for none
 */
export function limitOf(command: Command, usual: number): number | undefined {
  const {limit, all} = command.optsWithGlobals<LimitFlags>();
  return all ? limit : (limit ?? usual);
}

/** A whole number, 1 or more. */
export function parseCount(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}
