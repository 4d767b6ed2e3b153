import {isPlain, verbatim} from './text.js';
import {allPlaces, type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has fish complete a program: what can be typed where, a line each. */
export function fishScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  const all = allPlaces(root);
  const valued = new Set(all.flatMap(({options}) => options.flatMap(({names, value}) => (value ? names : []))));
  const paths = all.map(({path}) => path).filter((path) => path !== '');
  return `# Completion of poe for fish, as \`poe completion fish\` prints it.

set -g __poe_commands ${paths.map(quoted).join(' ')}
set -g __poe_valued ${[...valued].map(quoted).join(' ')}
${walk}
complete -c poe -f
${common.map((option) => optionLine('', option)).join('\n')}
${places.flatMap(placeLines).join('\n')}
complete -c poe-cli -w poe
`;
}

function placeLines({path, options, arguments: slots, subcommands}: Place): string[] {
  return [
    '',
    `# poe${path && ` ${path}`}`,
    ...subcommands.map(
      ({name, description}) => `complete -c poe -n ${quoted(at(path, 1))} -a ${quoted(name)} -d ${quoted(description)}`,
    ),
    ...options.map((option) => optionLine(` -n ${quoted(at(path))}`, option)),
    ...slots.flatMap((slot, index) => {
      const words = wordsOf(slot);
      return words === '' ? [] : [`complete -c poe -n ${quoted(at(path, index + 1, slot.isVariadic))} ${words}`];
    }),
  ];
}

/** The condition that a command is being typed, and which of its arguments. */
const at = (path: string, argument?: number, isVariadic = false) =>
  `__poe_at ${quoted(path)}${argument === undefined ? '' : ` ${argument}${isVariadic ? ' more' : ''}`}`;

function optionLine(condition: string, {names, description, value}: Flag): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const words = value ? ` -r ${wordsOf(value)}`.trimEnd() : '';
  return `complete -c poe${condition} ${flags}${words} -d ${quoted(description)}`;
}

function wordsOf({words}: Slot): string {
  switch (words.kind) {
    case 'choices':
      return `-a ${quoted(words.choices.join(' '))}`;
    case 'live':
      return `-k -a '(__poe_live ${words.live})'`;
    case 'files':
      return '-F';
    case 'free':
      return '';
  }
}

const quoted = (text: string): string =>
  isPlain(text) ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

const walk = verbatim`
# Whether $argv[1] is the command being typed and, where $argv[2] is given, the word at the cursor is that argument of it,
# or with \`more\` a later one.
function __poe_at
    set -l place
    set -l arguments 0
    set -l skips no
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        if test $skips = yes
            set skips no
        else if contains -- $word $__poe_valued
            set skips yes
        else if not string match -q -- '-*' $word
            set -l longer (string trim -- "$place $word")
            if test $arguments = 0; and contains -- $longer $__poe_commands
                set place $longer
            else
                set arguments (math $arguments + 1)
            end
        end
    end
    test "$place" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    test $skips = no; or return 1
    set arguments (math $arguments + 1)
    if set -q argv[3]
        test $arguments -ge $argv[2]
    else
        test $arguments = $argv[2]
    end
end

# Words that poe has seen: bots, chats, categories, profiles.
function __poe_live
    set -l profile
    set -l words (commandline -opc)
    if set -l found (contains -i -- --profile $words)
        set profile --profile $words[(math $found + 1)]
    end
    command poe completion --values $argv[1] $profile 2>/dev/null </dev/null
end
`;
