import type {Command, CommanderError} from 'commander';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/names/suggest.js';

/** Rewords an error of commander: what is wrong, and how to correct it. */
export function usageError(
  {code, message}: CommanderError,
  argv: readonly string[],
  root: Command,
  commandNames: ReadonlySet<string>,
): PoeError {
  const {path, command, next = ''} = commandIn(argv, root);
  const joined = [...path, next].join('-');
  const isUnknown = code === 'commander.unknownCommand' || code === 'commander.excessArguments';
  if (isUnknown && commandNames.has(joined)) {
    return new PoeError('usage', `Unknown command "${[...path, next].join(' ')}". Did you mean ${joined}?`, {
      remedy: 'show_help',
      command: joined,
    });
  }
  const names = command.commands.map((subcommand) => subcommand.name());
  if (code === 'commander.excessArguments' && names.length > 0) {
    const similar = suggest(next, names);
    return new PoeError(
      'usage',
      `Unknown command "${[...path, next].join(' ')}"${similar ? `. Did you mean ${similar}?` : ''}`,
      {
        hint: `Commands: ${names.join(', ')}`,
      },
    );
  }
  const [, text = '', suggestion = ''] = /^(?:error: )?(.*?)(?:\n\((Did you mean .*\?)\))?$/s.exec(message) ?? [];
  const [what, correction] = describe(text);
  if (code === 'commander.unknownOption' && isMessage(text)) {
    return new PoeError('usage', what, {
      hint: 'To send a message that begins with a dash, put -- before it: poe -- "-5 + 3?"',
    });
  }
  const help = {remedy: 'show_help', command: path.join(' ')} as const;
  const details = correction === undefined ? help : {hint: correction};
  return new PoeError('usage', suggestion === '' ? what : `${what}. ${suggestion}`, details);
}

/** Whether an unknown option is rather a text, such as "-5 + 3?" or "- buy milk". */
const isMessage = (text: string): boolean => /^unknown option '-(?:[^']*\s|[^-\w']|\d)/.test(text);

/** The subcommand that the words lead to, and the first word after it. */
function commandIn(argv: readonly string[], root: Command): {path: string[]; command: Command; next?: string} {
  const words = argv.filter((word) => !word.startsWith('-'));
  const path: string[] = [];
  let command = root;
  for (const word of words) {
    const subcommand = command.commands.find((each) => each.name() === word);
    if (!subcommand) break;
    command = subcommand;
    path.push(word);
  }
  return {path, command, next: words[path.length]};
}

/** Commander puts the names of options and arguments only in its message. */
function describe(text: string): [what: string, correction?: string] {
  for (const [pattern, reword] of rewordings) {
    const match = pattern.exec(text);
    if (match) return reword(...match.slice(1));
  }
  return [text.charAt(0).toUpperCase() + text.slice(1)];
}

type Reword = (...names: string[]) => [what: string, correction?: string];

const rewordings: readonly [pattern: RegExp, reword: Reword][] = [
  [/^missing required argument '(.*)'$/, (name) => [`Missing argument <${name}>`]],
  [/^option '(.*)' argument missing$/, (flags = '') => [`${longName(flags)} needs a value`]],
  [/^unknown option '(.*)'$/s, (option) => [`Unknown option ${option}`]],
  [/^too many arguments/, () => ['Too many arguments']],
  [
    /^option '(.*)' cannot be used with option '(.*)'$/,
    (one = '', other = '') => [`${longName(one)} cannot be combined with ${longName(other)}`],
  ],
  [
    /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s,
    (flags = '', value, expected = '') => [`Invalid value "${value}" for ${longName(flags)}`, correction(expected)],
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s,
    (value, name, expected = '') => [`Invalid value "${value}" for <${name}>`, correction(expected)],
  ],
];

/** `--bot` of `-b, --bot <bot>`. */
const longName = (flags: string): string => /--[\w-]+/.exec(flags)?.[0] ?? flags;

const correction = (expected: string): string => expected.replace(/^Allowed choices are /, 'Allowed values: ');
