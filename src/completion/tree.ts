import type {Argument, Command, Option} from 'commander';
import {DependentArgument} from './dependent-argument.js';

/** Everything that can be completed. The build writes it to dist/commands.json. */
export interface CommandTree {
  /** Options of every command. */
  globalOptions: OptionNode[];
  root: CommandNode;
}

export interface CommandNode {
  name: string;
  summary: string;
  options: OptionNode[];
  arguments: ValueNode[];
  commands: CommandNode[];
}

export interface OptionNode {
  /** `-b` and `--bot`. */
  names: string[];
  description: string;
  /** Undefined if the option takes no value. */
  value?: ValueNode;
  isRepeatable?: true;
}

/** The value of an option, or an argument. */
export interface ValueNode {
  /**
   * Words come from `choices`, the cache, the names of commands, or the shell (files); `dependent` ones from the node of the
   * argument before; `free` has none.
   */
  kind: CachedKind | 'choices' | 'commands' | 'files' | 'dependent' | 'free';
  choices?: readonly string[];
  /** For `dependent`: the nodes by the argument before. */
  after?: Readonly<Record<string, ValueNode>>;
  isVariadic?: true;
  /** An option's value may be left out, as in `--api-key`. */
  isOptional?: true;
}

/** Words that poe has stored: names from earlier commands, profiles and templates. */
export type CachedKind = 'bots' | 'chats' | 'categories' | 'profiles' | 'templates';

/** The tree of a commander program, without hidden commands and options. */
export function treeOf(program: Command, isGlobalOption: (option: Option) => boolean): CommandTree {
  const help = {names: ['-h', '--help'], description: 'Show help'};
  const node = (command: Command): CommandNode => ({
    name: command.name(),
    summary: command.summary(),
    options: command.options.filter((option) => !option.hidden && !isGlobalOption(option)).map(optionNode),
    arguments: command.registeredArguments.map(argumentNode),
    commands: command.commands.map(node),
  });
  const root = node(program);
  // `poe -b …` runs the default command.
  const send = root.commands.find(({name}) => name === 'send');
  root.options.push(...(send?.options ?? []));
  root.arguments = send?.arguments ?? [];
  const globalOptions = program.options.filter((option) => !option.hidden && isGlobalOption(option)).map(optionNode);
  return {globalOptions: [...globalOptions, help], root};
}

function optionNode(option: Option): OptionNode {
  const takesValue = option.required || option.optional;
  const name = /[<[](.*?)(?:\.{3})?[>\]]/.exec(option.flags)?.[1] ?? '';
  const value = {
    kind: option.argChoices ? ('choices' as const) : option.long === '--profile' ? ('profiles' as const) : kindOf(name),
    choices: option.argChoices,
    isVariadic: option.variadic || undefined,
    isOptional: option.optional || undefined,
  };
  return {
    names: [option.short, option.long].filter((each) => each !== undefined),
    description: option.description,
    value: takesValue ? value : undefined,
    isRepeatable: (takesValue && (option.variadic || isCollecting(option))) || undefined,
  };
}

/** Commander does not expose whether an option collects values. If it does, its parser returns a collection. */
function isCollecting({parseArg}: Option): boolean {
  try {
    return typeof parseArg?.('name=value', undefined) === 'object';
  } catch {
    return false;
  }
}

function argumentNode(argument: Argument): ValueNode {
  if (argument instanceof DependentArgument) {
    const nodes = Object.entries(argument.completions).map(([before, completes]): [string, ValueNode] => [
      before,
      typeof completes === 'string' ? {kind: kindOf(completes)} : {kind: 'choices', choices: completes},
    ]);
    return {kind: 'dependent', after: Object.fromEntries(nodes)};
  }
  return {
    kind: argument.argChoices ? 'choices' : kindOf(argument.name()),
    choices: argument.argChoices,
    isVariadic: argument.variadic || undefined,
  };
}

/** The kind follows from the name in the help: `<messageCode|chat>` is completed with chats. */
const kindOf = (name: string): ValueNode['kind'] =>
  name.split('|').flatMap((part) => kindsByName.get(part) ?? [])[0] ?? 'free';

const kindsByName = new Map<string, ValueNode['kind']>([
  ['bot', 'bots'],
  ['handle', 'bots'],
  ['chat', 'chats'],
  ['category', 'categories'],
  ['command', 'commands'],
  ['template', 'templates'],
  ['file', 'files'],
  ['path', 'files'],
  ['folder', 'files'],
]);
