import {type Argument, type Command, Help, type Option} from 'commander';
import type {LiveKind} from './values.js';

/** What can be typed at one command, as the scripts of all shells need it. What help does not show is left out. */
export interface Place {
  /** The words that lead here, without the program's own name, which is '' then. */
  path: string;
  name: string;
  aliases: string[];
  description: string;
  options: Flag[];
  arguments: Slot[];
  subcommands: Place[];
}

export interface Flag {
  /** `-b` and `--bot`. */
  names: string[];
  description: string;
  /** Undefined where it takes no value. */
  value: Slot | undefined;
  /** Whether giving it again adds to what was given. */
  isRepeatable: boolean;
}

/** A word to be filled in. */
export interface Slot {
  name: string;
  words: Words;
  isVariadic: boolean;
  isRequired: boolean;
}

export type Words =
  | {kind: 'choices'; choices: readonly string[]}
  | {kind: 'live'; live: LiveKind}
  | {kind: 'files'}
  /** It is the user's own. */
  | {kind: 'free'};

/** The place of a program: its options are also those of the command that is meant when none is named. */
export function treeOf(program: Command): Place {
  const root = placeOf(program, '');
  const fallback = root.subcommands.find(({name}) => name === defaultCommand(program));
  if (!fallback) return root;
  const own = new Set(root.options.flatMap(({names}) => names));
  const more = fallback.options.filter(({names}) => !names.some((name) => own.has(name)));
  return {...root, options: [...more, ...root.options], arguments: fallback.arguments};
}

/** A place and all below it. */
const allPlaces = (place: Place): Place[] => [place, ...place.subcommands.flatMap(allPlaces)];

/** The options that every command takes, and each place without them. */
export function withoutCommon(root: Place): {common: Flag[]; places: Place[]} {
  const places = allPlaces(root);
  const taking = places.filter(({options}) => options.length > 0);
  const isIn = ({names}: Flag, {options}: Place) => options.some((option) => option.names.join() === names.join());
  const common = root.options.filter((option) => taking.every((place) => isIn(option, place)));
  const names = new Set(common.flatMap(({names}) => names));
  const isOwn = (option: Flag) => !option.names.some((name) => names.has(name));
  return {common, places: places.map((place) => Object.assign({}, place, {options: place.options.filter(isOwn)}))};
}

/** The command that is meant when none is named; commander has no public name for it. */
const defaultCommand = (program: Command): unknown =>
  '_defaultCommandName' in program ? program._defaultCommandName : undefined;

const help = new Help();

function placeOf(command: Command, path: string, siblings: readonly string[] = []): Place {
  const subcommands = help.visibleCommands(command);
  const names = subcommands.map((subcommand) => subcommand.name());
  return {
    path,
    name: command.name(),
    aliases: command.aliases(),
    description: firstLine(help.subcommandDescription(command)),
    options: help.visibleOptions(command).map(flagOf),
    arguments: command.registeredArguments.map((argument) => argumentOf(argument, siblings)),
    subcommands: subcommands.map((each) => placeOf(each, path === '' ? each.name() : `${path} ${each.name()}`, names)),
  };
}

function flagOf(option: Option): Flag {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const takesValue = option.required || option.optional;
  const name = /[<[](.*?)(?:\.{3})?[>\]]/.exec(option.flags)?.[1] ?? '';
  const words = names.includes('--profile') ? live('profiles') : wordsOf(name, option.argChoices);
  const value = {name, words, isVariadic: option.variadic, isRequired: option.required};
  return {
    names,
    description: firstLine(option.description),
    value: takesValue ? value : undefined,
    isRepeatable: option.variadic || (takesValue && isCollecting(option)),
  };
}

/** Commander does not tell whether an option collects what it is given; such a one makes a list of its first value. */
function isCollecting({parseArg}: Option): boolean {
  try {
    return Array.isArray(parseArg?.('', undefined));
  } catch {
    return false;
  }
}

function argumentOf(argument: Argument, siblings: readonly string[]): Slot {
  const name = argument.name();
  const words: Words = name === 'command' ? {kind: 'choices', choices: siblings} : wordsOf(name, argument.argChoices);
  return {name, words, isVariadic: argument.variadic, isRequired: argument.required};
}

/** What a value can be follows from its name, as in `<messageCode|chat>`. */
function wordsOf(name: string, choices?: readonly string[]): Words {
  if (choices) return {kind: 'choices', choices};
  return name.split('|').flatMap((part) => wordsByName.get(part) ?? [])[0] ?? {kind: 'free'};
}

const live = (kind: LiveKind): Words => ({kind: 'live', live: kind});

const wordsByName = new Map<string, Words>([
  ['bot', live('bots')],
  ['handle', live('bots')],
  ['chat', live('chats')],
  ['category', live('categories')],
  ['profile', live('profiles')],
  ['file', {kind: 'files'}],
  ['folder', {kind: 'files'}],
]);

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
