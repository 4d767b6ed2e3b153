import {type Command, InvalidArgumentError} from 'commander';

interface LimitFlags {
  limit?: number;
  all?: boolean;
}

/** Adds the options that limit a list. */
export function addLimit(command: Command, defaultLimit: number, what: string): Command {
  return command
    .option('-n, --limit <count>', `Maximum number of ${what} (default: ${defaultLimit})`, parseCount)
    .option('--all', `Show all ${what}`);
}

/** The limit; undefined for `--all`. Commander may store the options of a subcommand in its parent if that has them too. */
export function limitOf(command: Command, defaultLimit: number): number | undefined {
  const {limit, all} = command.optsWithGlobals<LimitFlags>();
  return all ? limit : (limit ?? defaultLimit);
}

/** Parses a whole number of at least 1. */
export function parseCount(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}
