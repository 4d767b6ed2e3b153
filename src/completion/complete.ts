import type {CachedKind, CommandNode, CommandTree, OptionNode, ValueNode} from './tree.js';

/** The candidates for the word at the cursor. */
export interface Completion {
  /** `files`: the shell completes file names. `options`: the candidates are names of options. */
  kind: 'words' | 'options' | 'files';
  /** Start of the word that is not replaced: `--bot=` of `--bot=De`. */
  prefix: string;
  /** All candidates, not filtered by what has been typed: shells differ in how they match. */
  candidates: Candidate[];
  /** Whether names match in any letter case, as handles do. */
  ignoresCase: boolean;
}

export interface Candidate {
  word: string;
  /** '' if there is none. */
  description: string;
  /** For an option. */
  takesValue?: boolean;
}

/**
 * @param before the words between the program's name and the word at the cursor, unquoted
 * @param current the part of the word before the cursor, unquoted
 */
export function complete(
  tree: CommandTree,
  before: readonly string[],
  current: string,
  cachedWords: (kind: CachedKind, profile?: string) => Candidate[],
): Completion {
  const line = readLine(tree, before);
  const {command, pending, optionsEnded} = line;
  const value = (node: ValueNode | undefined, prefix: string) => valueCompletion(tree, line, node, prefix, cachedWords);

  const startsOption = !optionsEnded && current.startsWith('-');
  if (pending?.value && !(pending.value.isOptional && startsOption)) return value(pending.value, '');
  if (startsOption) {
    const [name = ''] = /^--[^=]+(?==)|^-[^-](?=.)/s.exec(current) ?? [];
    const option = name === '' ? undefined : findOption(tree, command, name);
    if (option?.value) return value(option.value, name.startsWith('--') ? `${name}=` : name);
    if (name.startsWith('--')) return words([]);
    return {kind: 'options', prefix: '', candidates: optionCandidates(tree, line), ignoresCase: false};
  }
  const last = command.arguments.at(-1);
  const argument = value(command.arguments[line.args.length] ?? (last?.isVariadic ? last : undefined), '');
  const subcommands = !optionsEnded && line.args.length === 0 ? commandCandidates(command.commands) : [];
  return subcommands.length > 0 ? words([...argument.candidates, ...subcommands]) : argument;
}

/** The words before the cursor, parsed. */
interface Line {
  command: CommandNode;
  /** The option that the next word is the value of. */
  pending?: OptionNode;
  usedOptions: Set<OptionNode>;
  args: string[];
  /** After `--`. */
  optionsEnded: boolean;
  profile?: string;
}

function readLine(tree: CommandTree, before: readonly string[]): Line {
  const line: Line = {command: tree.root, usedOptions: new Set(), args: [], optionsEnded: false};
  for (const word of before) {
    const {command, pending} = line;
    const isOption = !line.optionsEnded && /^-./s.test(word);
    line.pending = undefined;
    if (pending?.value && !(pending.value.isOptional && isOption)) setValue(line, pending, word);
    else if (word === '--' && isOption) line.optionsEnded = true;
    else if (isOption) readOption(tree, line, word);
    else {
      const subcommand = line.args.length === 0 && command.commands.find(({name}) => name === word);
      if (subcommand && !line.optionsEnded) line.command = subcommand;
      else line.args.push(word);
    }
  }
  return line;
}

/** Reads `--bot`, `--bot=x`, `-b`, `-bx` and `-qb`. */
function readOption(tree: CommandTree, line: Line, word: string): void {
  const [, name = '', , attached] = /^(--[^=]+)(=(.*))?$/s.exec(word) ?? [];
  const names = name === '' ? Array.from(word.slice(1), (letter) => `-${letter}`) : [name];
  for (const [index, each] of names.entries()) {
    const option = findOption(tree, line.command, each);
    if (!option) continue;
    line.usedOptions.add(option);
    if (!option.value) continue;
    const rest = name === '' ? word.slice(index + 2) : attached;
    if (rest === undefined || (name === '' && rest === '')) line.pending = option;
    else setValue(line, option, rest);
    return;
  }
}

function setValue(line: Line, option: OptionNode, value: string): void {
  if (option.value?.kind === 'profiles') line.profile = value;
}

const findOption = (tree: CommandTree, command: CommandNode, name: string): OptionNode | undefined =>
  [...command.options, ...tree.globalOptions].find(({names}) => names.includes(name));

/** Options that are not used yet, or can be repeated. */
const optionCandidates = (tree: CommandTree, {command, usedOptions}: Line): Candidate[] =>
  [...command.options, ...tree.globalOptions]
    .filter((option) => option.isRepeatable || !usedOptions.has(option))
    .flatMap(({names, description, value}) =>
      names.map((word) => ({word, description, takesValue: value !== undefined})),
    );

function valueCompletion(
  tree: CommandTree,
  line: Line,
  node: ValueNode | undefined,
  prefix: string,
  cachedWords: (kind: CachedKind, profile?: string) => Candidate[],
): Completion {
  if (!node) return words([], prefix);
  const {args, profile} = line;
  switch (node.kind) {
    case 'free':
      return words([], prefix);
    case 'files':
      return {kind: 'files', prefix, candidates: [], ignoresCase: false};
    case 'choices':
      return words((node.choices ?? []).map(plain), prefix);
    case 'dependent':
      return valueCompletion(tree, line, node.after?.[args.at(-1) ?? ''], prefix, cachedWords);
    case 'commands':
      return words(commandCandidates(commandsBelow(tree.root, args)), prefix);
    default:
      return {...words(cachedWords(node.kind, profile), prefix), ignoresCase: true};
  }
}

/** The subcommands of the command that these words name. */
const commandsBelow = (root: CommandNode, path: readonly string[]): readonly CommandNode[] =>
  path.reduce<readonly CommandNode[]>(
    (commands, word) => commands.find(({name}) => name === word)?.commands ?? [],
    root.commands,
  );

const commandCandidates = (commands: readonly CommandNode[]): Candidate[] =>
  commands.map(({name, summary}) => ({word: name, description: summary}));

const plain = (word: string): Candidate => ({word, description: ''});

const words = (candidates: Candidate[], prefix = ''): Completion => ({
  kind: 'words',
  prefix,
  candidates,
  ignoresCase: false,
});
