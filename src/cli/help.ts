import type {Argument, Command, Help, Option} from 'commander';
import {type Example, examplesOf} from '../commands/shared/options/examples.js';
import {optionPages, pageOf} from '../commands/shared/options/option-pages.js';
import {isGlobalOption} from '../commands/shared/options/global-options.js';

/** The term in the left column of a list and its description. */
export type Row = readonly [term: string, description: string];

/** Help of a command for commander's `configureHelp`. The program itself gets a short page with the most used commands. */
export function formatHelp(command: Command, {helpWidth = 80}: Help): string {
  return command.parent ? commandPage(command, helpWidth) : overviewPage(command, helpWidth);
}

/** Commands on the overview page: the most used ones, in this order. */
const mostUsedCommands: Readonly<Record<string, readonly string[]>> = {
  Messages: ['send', 'chat', 'retry'],
  'Chats and bots': ['history', 'explore'],
  Account: ['login'],
};

/** Options of `poe send` on the overview page. */
const mostUsedOptions: ReadonlySet<string | undefined> = new Set(['--bot', '--chat', '--file']);

function overviewPage(program: Command, width: number): string {
  const find = (name: string) => program.commands.filter((command) => command.name() === name);
  const options = find('send').flatMap((send) => send.options.filter(({long}) => mostUsedOptions.has(long)));
  const usage = `Usage: ${usageLines(program).join(' | ')}`;
  return joinSections([
    usage.length <= width ? usage : usageSection(program),
    wrap(program.description(), width),
    [
      ...alignedSections(
        Object.entries(mostUsedCommands).map(([title, names]) => [title, names.flatMap(find).map(commandRow)]),
        width,
      ),
      section('Options', options.map(optionRow), width),
      exampleSection(examplesOf(program), width),
    ].join('\n'),
    wrap('More help: poe help <command>, poe help all (every command), poe help options', width),
  ]);
}

function commandPage(command: Command, width: number): string {
  return joinSections([
    usageSection(command),
    ...command
      .description()
      .split('\n\n')
      .map((paragraph) => wrap(paragraph, width)),
    section('Arguments', visibleArguments(command).map(argumentRow), width),
    section('Commands', command.commands.map(commandRow), width),
    section('Options', shortOptions(command).map(optionRow), width),
    exampleSection(examplesOf(command), width),
    [
      ...pageLines(command).map((line) => wrap(line, width)),
      wrap('Global options such as --json and --profile: poe help options', width),
    ].join('\n'),
  ]);
}

export const usageSection = (command: Command): string => `Usage: ${usageLines(command).join('\n       ')}`;

/** Names the pages with more options of a command. */
const pageLines = (command: Command): string[] =>
  [...new Set(visibleOptions(command).flatMap((option) => pageOf(option) ?? []))].map((group) => {
    const names = visibleOptions(command).flatMap((option) => (pageOf(option) === group ? (option.long ?? []) : []));
    const known = names.filter((name) => pageExamples.has(name));
    return `${group} such as ${(known.length > 0 ? known : names.slice(0, 1)).join(' and ')}: poe help ${optionPages[group].page}`;
  });

/** The best known options of the pages. */
const pageExamples: ReadonlySet<string> = new Set([
  '--system',
  '--effort',
  '--template',
  '--schema',
  '--output',
  '--sort',
]);

/** How a command is called: `poe history show <chat> [options]`, without `[options]` if it has none of its own. */
export function usageLines(command: Command): string[] {
  const name = fullName(command);
  if (!command.parent) return [`${name} [message...]`, `${name} <command> [options]`];
  const own = [name, ...command.registeredArguments.map(argumentTerm), ...optionsTerm(command)].join(' ');
  if (command.commands.length === 0) return [own];
  return [own, [name, '<command>', ...command.commands.flatMap(optionsTerm).slice(0, 1)].join(' ')];
}

const optionsTerm = (command: Command): string[] => (visibleOptions(command).length > 0 ? ['[options]'] : []);

/** As typed: `poe history show`. */
export const fullName = (command: Command): string =>
  command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

export const visibleOptions = (command: Command): Option[] =>
  command.options.filter((option) => !option.hidden && !isGlobalOption(option));

/** The options that have room in the help of a command. */
const shortOptions = (command: Command): Option[] =>
  visibleOptions(command).filter((option) => pageOf(option) === undefined);

export const visibleArguments = (command: Command): Argument[] =>
  command.registeredArguments.filter(({description}) => description !== '');

export function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

const argumentRow = (argument: Argument): Row => [argumentTerm(argument), argument.description];

export const commandRow = (command: Command): Row => [command.name(), command.summary()];

/** Long names are aligned whether or not there is a short one. */
export const optionRow = ({short, flags, description}: Option): Row => [
  short === undefined ? `    ${flags}` : flags,
  description,
];

/** A heading with a list below it; '' without rows. */
export function section(title: string, rows: readonly Row[], width: number, termWidth = longestTerm(rows)): string {
  if (rows.length === 0) return '';
  const left = termWidth + 4;
  // On a narrow screen the description goes below the term.
  const isStacked = width - left < leastDescriptionWidth;
  const indent = ' '.repeat(isStacked ? 10 : left);
  const lines = rows.flatMap(([term, description]) => {
    const text = wrap(description, width - indent.length).replaceAll('\n', `\n${indent}`);
    return isStacked ? [`  ${term}`, indent + text] : [`  ${term}`.padEnd(left) + text];
  });
  return [`${title}:`, ...lines].join('\n');
}

const leastDescriptionWidth = 24;

/** Sections with all descriptions in the same column. */
export function alignedSections(groups: readonly (readonly [title: string, rows: readonly Row[]])[], width: number) {
  const termWidth = Math.max(...groups.map(([, rows]) => longestTerm(rows)));
  return groups.map(([title, rows]) => section(title, rows, width, termWidth));
}

const longestTerm = (rows: readonly Row[]): number => Math.max(...rows.map(([term]) => term.length));

/** Comments are aligned behind the command lines if all of them fit, and precede them otherwise. */
function exampleSection(examples: readonly Example[], width: number): string {
  if (examples.length === 0) return '';
  const left = Math.max(...examples.map(([commandLine, comment]) => (comment ? commandLine.length : 0)));
  const fits = examples.every(([, comment]) => !comment || 2 + left + 4 + comment.length <= width);
  const lines = examples.flatMap(([commandLine, comment]) => {
    if (!comment) return [commandLine];
    return fits ? [`${commandLine.padEnd(left)}  # ${comment}`] : [`# ${comment}`, commandLine];
  });
  return ['Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Breaks lines between words. A longer word gets a line of its own. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

export const joinSections = (sections: readonly string[]): string =>
  `${sections.filter((text) => text !== '').join('\n\n')}\n`;
