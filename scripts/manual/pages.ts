import type {Command} from 'commander';
import {argumentTerm, fullName, type Row, usageLines, visibleArguments, visibleOptions} from '../../src/cli/help.js';
import {environment, exitStatuses, files} from '../../src/cli/reference.js';
import {type Example, examplesOf} from '../../src/commands/shared/options/examples.js';
import {globalOptions} from '../../src/commands/shared/options/global-options.js';

/** What the manuals contain. */
export interface Manual {
  description: string;
  examples: readonly Example[];
  chapters: readonly Chapter[];
  globalOptions: readonly Row[];
  environment: readonly Row[];
  exitStatuses: readonly Row[];
  files: readonly Row[];
}

/** A group of commands, as in `poe help all`. */
export interface Chapter {
  title: string;
  pages: readonly Page[];
}

/** A command. */
export interface Page {
  /** As typed: `poe history show`. */
  name: string;
  usage: readonly string[];
  description: string;
  arguments: readonly Row[];
  options: readonly Row[];
  examples: readonly Example[];
}

export function manualOf(program: Command): Manual {
  const chapters = new Map<string, Page[]>();
  for (const command of program.commands) {
    const title = command.helpGroup();
    chapters.set(title, [...(chapters.get(title) ?? []), ...[command, ...command.commands].map(pageOf)]);
  }
  return {
    description: program.description(),
    examples: examplesOf(program),
    chapters: [...chapters].map(([title, pages]) => ({title, pages})),
    globalOptions: globalOptions.filter(({hidden}) => !hidden).map(({flags, description}) => [flags, description]),
    environment,
    exitStatuses,
    files,
  };
}

const pageOf = (command: Command): Page => ({
  name: fullName(command),
  usage: usageLines(command),
  description: command.description(),
  arguments: visibleArguments(command).map((argument) => [argumentTerm(argument), argument.description]),
  options: visibleOptions(command).map(({flags, description}) => [flags, description]),
  examples: examplesOf(command),
});
