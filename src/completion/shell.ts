import type {Completion} from './complete.js';

/** Reads the arguments that the script of a shell adds to `poe completion --complete <shell>`. */
export type Reader = (args: readonly string[], env: Readonly<Record<string, string | undefined>>) => Request;

/** A command line to complete. */
export interface Request {
  /** The words between the program's name and the word at the cursor, unquoted. */
  before: readonly string[];
  /** The part of the word before the cursor, unquoted. */
  current: string;
  /** Formats a completion for the script: a first line with directives, then one candidate per line. */
  print(completion: Completion): string;
}

/** `\n` after each line. */
export const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
