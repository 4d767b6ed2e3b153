import type {Command} from 'commander';

/** A command line, with a comment if it does not explain itself. */
export type Example = readonly [commandLine: string, comment?: string];

const examples = new WeakMap<Command, readonly Example[]>();

/** Sets the examples shown at the end of a command's help and in the manuals. */
export function addExamples(command: Command, list: readonly Example[]): Command {
  examples.set(command, list);
  return command;
}

export const examplesOf = (command: Command): readonly Example[] => examples.get(command) ?? [];
