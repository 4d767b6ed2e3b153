import type {Completion} from './complete.js';

/** How a shell asks for completions and shows them. */
export interface Shell {
  /** Registers the completion in the shell. It runs `poe completion --complete <shell> …` and passes on what that prints. */
  script: string;
  /** Reads the arguments of `--complete <shell>`. */
  read(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Request;
}

/** A command line to complete. */
export interface Request {
  /** The words between the program's name and the word at the cursor, unquoted. */
  before: readonly string[];
  /** The part of the word before the cursor, unquoted. */
  current: string;
  /** What to print for the script: a first line with directives, then one candidate per line. */
  print(completion: Completion): string;
}

/** `\n` after each line. */
export const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
