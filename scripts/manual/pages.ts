import type {EventEmitter} from 'node:events';
import {type Argument, type Command, Help, type Option} from 'commander';

/** A command as manuals tell of it. */
export interface Page {
  /** As it is typed: `poe history show`. */
  name: string;
  usage: string;
  summary: string;
  description: string;
  arguments: Term[];
  options: Term[];
  examples: Example[];
  /** What else stands below its help. */
  notes: string;
}

export interface Term {
  term: string;
  description: string;
}

export interface Example {
  command: string;
  /** '' where it speaks for itself. */
  comment: string;
}

/** Commands by what they are about, as on the help page. */
export interface Chapter {
  title: string;
  pages: Page[];
}

export interface Manual {
  description: string;
  chapters: Chapter[];
  /** Those that every command takes. */
  commonOptions: Term[];
}

const help = new Help();

/** All that is to be told of a program, from the tree of its commands. */
export function manualOf(program: Command): Manual {
  const common = new Set(program.options.map(({flags}) => flags));
  const chapters = new Map<string, Page[]>();
  for (const command of help.visibleCommands(program)) {
    if (command.name() === 'help') continue;
    const title = command.helpGroup().replace(/:$/, '');
    const pages = [command, ...command.commands].map((each) => pageOf(each, common));
    chapters.set(title, [...(chapters.get(title) ?? []), ...pages]);
  }
  return {
    description: program.description(),
    chapters: [...chapters].map(([title, pages]) => ({title, pages})),
    commonOptions: help.visibleOptions(program).map(termOf),
  };
}

function pageOf(command: Command, common: ReadonlySet<string>): Page {
  const name = nameOf(command);
  const own = help.visibleOptions(command).filter(({flags, long}) => !common.has(flags) && long !== '--help');
  const {examples, notes} = afterText(command);
  return {
    name,
    usage: [name, ...command.registeredArguments.map(argumentTerm), ...(own.length > 0 ? ['[options]'] : [])].join(' '),
    summary: command.summary() || command.description(),
    description: command.description(),
    arguments: command.registeredArguments
      .filter(({description}) => description)
      .map((argument) => ({term: argumentTerm(argument), description: argument.description})),
    options: own.map(termOf),
    examples,
    notes,
  };
}

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

const termOf = (option: Option): Term => ({term: option.flags, description: option.description});

/** What stands below a command's help: its examples, and what else is said there. */
function afterText(command: Command): {examples: Example[]; notes: string} {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  // A command is an emitter, which its type keeps to itself; what was added to its help answers this event.
  (command as unknown as EventEmitter).emit('afterHelp', {error: false, command, write});
  const [notes = '', list = ''] = written.join('').split(/^Examples?:\n/m);
  const examples = list
    .split('\n')
    .map((line) => /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line))
    .flatMap((found) => (found ? {command: found[1] ?? '', comment: found[2] ?? ''} : []));
  return {examples, notes: notes.trim()};
}
