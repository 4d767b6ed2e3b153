import {indented, isPlain, verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has fish complete a program: a `complete` for each thing that can be typed, under the condition of its place. */
export function fishScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  return `# Completion of poe for fish, as \`poe completion fish\` prints it.

# Whether the option $argv[2] takes a value at the place $argv[1].
function __poe_takes_value
    switch "$argv[1] $argv[2]"
${indented(caseOf([...common.flatMap(valued('*')), ...places.flatMap(({path, options}) => options.flatMap(valued(path)))]), '        ')}
    end
    return 1
end

# Whether the word $argv[2] is a subcommand at the place $argv[1].
function __poe_leads_on
    switch "$argv[1] $argv[2]"
${indented(caseOf(places.flatMap(({path, subcommands}) => subcommands.flatMap(({name, aliases}) => [name, ...aliases].map((word) => `${path} ${word}`)))), '        ')}
    end
    return 1
end

${walk}
for program in poe poe-cli
    complete -c $program -e
    complete -c $program -f
${indented([...common.map((option) => flagLine(option)), ...places.flatMap(placeLines)], '    ')}
end
`;
}

const caseOf = (patterns: string[]) =>
  patterns.length > 0 ? [`case ${patterns.map(quoted).join(' ')}`, '    return 0'] : [];

const valued =
  (path: string) =>
  ({names, value}: Flag): string[] =>
    value ? names.map((name) => `${path} ${name}`) : [];

function placeLines({path, options, arguments: slots, subcommands}: Place): string[] {
  const here = `__poe_is_at ${path === '' ? '""' : isPlain(path) ? path : `"${path}"`}`;
  return [
    ...subcommands.flatMap(({name, aliases, description}) =>
      [name, ...aliases].map((word) => `${start(`${here} 0`)} -a ${quoted(word)} -d ${quoted(description)}`),
    ),
    ...options.map((option) => flagLine(option, here)),
    ...slots.flatMap((slot, index) => {
      const words = wordsOf(slot);
      return words ? [`${start(`${here} ${index}${slot.isVariadic ? '+' : ''}`)} ${words}`] : [];
    }),
  ];
}

const start = (condition?: string) =>
  `complete -c $program${condition === undefined ? '' : ` -n ${quoted(condition)}`}`;

function flagLine({names, description, value}: Flag, condition?: string): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = value ? (value.words.kind === 'files' ? ['-r'] : ['-x']) : [];
  const words = value && wordsOf(value);
  return [start(condition), ...flags, ...takes, ...(words ? [words] : []), `-d ${quoted(description)}`].join(' ');
}

function wordsOf({words}: Slot): string | undefined {
  switch (words.kind) {
    case 'choices':
      return `-a ${quoted(words.choices.map(quoted).join(' '))}`;
    case 'live':
      return `-k -a '(__poe_values ${words.live})'`;
    case 'files':
      return '-F';
    case 'free':
      return undefined;
  }
}

const quoted = (word: string): string => (isPlain(word) ? word : `'${word.replaceAll(/[\\']/g, String.raw`\$&`)}'`);

const walk = verbatim`# Where the words before the cursor lead: the place, and on a second line how many arguments of it there are.
function __poe_state
    set -l place ''
    set -l count 0
    set -l waits no
    set -l over no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $waits = yes
            set waits no
        else if test $over = no; and string match -q -- -- $word
            set over yes
        else if test $over = no; and string match -qr '^-.' -- $word
            __poe_takes_value "$place" $word; and set waits yes
        else if test $over$count = no0; and __poe_leads_on "$place" $word
            set place (string trim -- "$place $word")
        else
            set count (math $count + 1)
        end
    end
    printf '%s\n' "$place" $count
end

# Whether the words lead to the place $argv[1]; with $argv[2], whether so many arguments are there, or as 2+ at least so many.
function __poe_is_at
    set -l state (__poe_state)
    test "$state[1]" = "$argv[1]"; or return 1
    switch "$argv[2]"
        case ''
            return 0
        case '*+'
            test $state[2] -ge (string replace + '' -- $argv[2])
        case '*'
            test $state[2] -eq $argv[2]
    end
end

# Words that only a look at what was seen of Poe can tell.
function __poe_values
    set -l words (commandline -opc)
    set -l program (string replace -r '.*/' '' -- $words[1])
    set -l profile
    if set -l found (string match -r -- '(?:^|\n)--profile[=\n]([\w.-]+)' (string join \n -- $words | string collect))
        set profile --profile $found[-1]
    end
    command $program completion --values $argv[1] $profile 2>/dev/null </dev/null
end
`;
