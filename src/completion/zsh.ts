import {isPlain, verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has Zsh complete a program: a function for each place, by `_arguments`. */
export function zshScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  return `#compdef poe poe-cli
# Completion of poe for Zsh, as \`poe completion zsh\` prints it.

${start}
  local -a common=(
${common.flatMap(optionSpecs).map(line('    ')).join('')}  )
  _poe_at
}

${places.map(placeFunction).join('\n')}
${ways}`;
}

const line = (indent: string) => (text: string) => `${indent}${text}\n`;

function placeFunction(place: Place): string {
  const {path, options, arguments: slots, subcommands} = place;
  const specs = options.flatMap(optionSpecs);
  const words = slots.map(argumentSpec);
  const head = `${functionOf(path)}() {\n`;
  if (subcommands.length === 0) return `${head}  ${call([...specs, ...words])}\n}\n`;
  const choices = subcommands.flatMap(({name, aliases, description}) =>
    [name, ...aliases].map((each) => quoted(`${each}:${escaped(description, /[\\]/g)}`)),
  );
  const branches = subcommands.map(
    ({path, name, aliases}) => `        ${[name, ...aliases].map(quoted).join(' | ')}) ${functionOf(path)} ;;\n`,
  );
  const otherwise = slots.length > 0 ? call([...specs, ...words]).replaceAll('\n', '\n        ') : 'return 1';
  return `${head}  local curcontext=$curcontext state line
  local -A opt_args
  ${call(['-C', ...specs, "'(-): :->command'", "'(-)*:: :->rest'"])} && return
  case $state in
    command)
      local -a commands=(
${choices.map(line('        ')).join('')}      )
      _describe -t commands command commands
      ;;
    rest)
      case $words[1] in
${branches.join('')}        *) ${otherwise} ;;
      esac
      ;;
    *) return 1 ;;
  esac
}
`;
}

const functionOf = (path: string) => `_poe_at${path && `-${path.replaceAll(' ', '-')}`}`;

const call = (specs: string[]) => ['_arguments -s -S $common', ...specs].join(' \\\n    ');

/** One for each name, so that none of them need be put together by the shell. */
function optionSpecs({names, description, value, isRepeatable}: Flag): string[] {
  const excluded = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  const about = `[${escaped(description, /[\\[\]:]/g)}]`;
  return names.map((name) => {
    const joint = value ? (name.startsWith('--') ? '=' : '+') : '';
    return quoted(`${excluded}${name}${joint}${about}${value ? slotSpec(value) : ''}`);
  });
}

const argumentSpec = (slot: Slot, index: number) =>
  quoted(`${slot.isVariadic ? '*' : `${index + 1}${slot.isRequired ? '' : ':'}`}${slotSpec(slot)}`);

const slotSpec = (slot: Slot) => `:${escaped(slot.name, /[\\:]/g)}:${action(slot)}`;

function action({name, words}: Slot): string {
  switch (words.kind) {
    case 'choices':
      return `(${words.choices.map(quoted).join(' ')})`;
    case 'live':
      return ` _poe_live ${words.live} ${quoted(name)}`;
    case 'files':
      return '_files';
    case 'free':
      return ' ';
  }
}

const escaped = (text: string, what: RegExp): string => text.replaceAll(what, String.raw`\$&`);

const quoted = (word: string): string => (isPlain(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

const start = verbatim`_poe() {
  local program=\${words[1]:t} profile= i
  for ((i = 2; i < CURRENT; i++)); do
    case $words[i] in
      --) break ;;
      --profile) profile=\${(Q)words[i+1]} ;;
      --profile=*) profile=\${(Q)words[i]#*=} ;;
    esac
  done`;

const ways = verbatim`# Words that only a look at what was seen of Poe can tell. Poe takes handles in any letter case.
_poe_live() {
  local word about
  local -a found
  while IFS=$'\t' read -r word about; do
    word=\${word//\\/\\\\}
    about=\${about//\\/\\\\}
    found+=("\${word//:/\\:}\${about:+:$about}")
  done < <(command $program completion --values $1 \${profile:+--profile} \${profile:+$profile} 2>/dev/null </dev/null)
  _describe -V -t $1 $2 found -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}

# From a folder of $fpath this file is the function itself; otherwise it makes the function known.
if [[ $funcstack[1] == _poe ]]; then
  _poe "$@"
else
  compdef _poe poe poe-cli
fi
`;
