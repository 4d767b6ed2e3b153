import type {Command} from 'commander';

/** Names `send` if a command line has words after `--` and no command before them: such words are a message, also `history`. */
export function nameImpliedSend(argv: readonly string[], commandNames: ReadonlySet<string>): readonly string[] {
  const end = argv.indexOf('--');
  if (end === -1 || end === argv.length - 1) return argv;
  const isNamed = argv.slice(0, end).some((word) => commandNames.has(word) || word === 'help');
  return isNamed ? argv : ['send', ...argv];
}

/** Turns `-b=handle` into `-b handle`, which other programs accept as well. Commander would take `=handle` as the value. */
export function splitShortOptions(argv: readonly string[], root: Command): readonly string[] {
  const taking = valueOptions(root);
  const end = argv.indexOf('--');
  return argv.flatMap((word, index) => {
    const [, name = '', value = ''] = /^(-[a-zA-Z])=(.*)$/s.exec(word) ?? [];
    const isValue = taking.has(argv[index - 1] ?? '');
    const isOption = taking.has(name) && !isValue && (end === -1 || index < end);
    return isOption ? [name, value] : [word];
  });
}

/** The options of a command and its subcommands that need a value. */
function valueOptions(command: Command): ReadonlySet<string> {
  const own = command.options.filter(({required}) => required).flatMap(({short, long}) => [short ?? '', long ?? '']);
  return new Set(
    [...own, ...command.commands.flatMap((each) => [...valueOptions(each)])].filter((name) => name !== ''),
  );
}
