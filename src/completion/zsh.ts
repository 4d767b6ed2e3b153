import {indented, verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has Zsh complete a program: a function for each command, as `_arguments` wants its words. */
export function zshScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  return `#compdef poe poe-cli
# Completion of poe for Zsh, as \`poe completion zsh\` prints it.

# The options that every command takes.
_poe_common=(
${indented(common.flatMap(optionSpecs), '  ')}
)

${places.map(placeFunction).join('\n')}
${live}`;
}

function placeFunction(place: Place): string {
  const {options, arguments: slots, subcommands} = place;
  // A first word that is no command belongs to the command that is meant when none is named.
  const specs = [...options.flatMap(optionSpecs), ...(subcommands.length > 0 ? nested(place) : slots.map(slotSpec))];
  const next = subcommands.map(({name, path}) => `${name}) ${functionOf(path)} ;;`);
  return `${functionOf(place.path)}() {
  local curcontext=$curcontext state line
  _arguments -s -S -C $_poe_common \\
${specs.map((spec) => `    ${spec}`).join(' \\\n')}
${
  next.length > 0
    ? `  [[ $state == next ]] || return
  case $words[1] in
${indented(next, '    ')}
  esac
`
    : ''
}}
${subcommands.length > 0 ? commandsFunction(place) : ''}`;
}

const nested = ({path}: Place) => [`'1: :${functionOf(path)}_commands'`, `'*:: :->next'`];

function commandsFunction({path, subcommands}: Place): string {
  return `
${functionOf(path)}_commands() {
  local -a names=(
${indented(
  subcommands.map(({name, description}) => quoted(`${name}:${escaped(description)}`)),
  '    ',
)}
  )
  _describe -t commands command names
}
`;
}

const functionOf = (path: string) => `_poe_${path.replaceAll(/[ -]/g, '_') || 'root'}`;

function optionSpecs({names, description, value, isRepeatable}: Flag): string[] {
  const others = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  return names.map((name) => {
    const takes = value ? `:${escaped(value.name)}:${action(value)}` : '';
    // With this sign a value may also stand behind an equals sign.
    const equals = value && name.startsWith('--') ? '=' : '';
    return quoted(`${others}${name}${equals}[${escaped(description)}]${takes}`);
  });
}

const slotSpec = (slot: Slot) =>
  quoted(`${slot.isVariadic ? '*' : slot.isRequired ? '' : ':'}:${escaped(slot.name)}:${action(slot)}`);

/** What _arguments does to complete a word. With a space in front, it adds no options of its own. */
function action({words}: Slot): string {
  switch (words.kind) {
    case 'choices':
      return `(${words.choices.join(' ')})`;
    case 'live':
      return ` _poe_live ${words.live}`;
    case 'files':
      return '_files';
    case 'free':
      return ' ';
  }
}

/** A text within a specification, where brackets, colons and backslashes mean something. */
const escaped = (text: string) => text.replaceAll(/[\\[\]:]/g, String.raw`\$&`);

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const live = verbatim`
# Words that poe has seen: bots, chats, categories, profiles.
_poe_live() {
  local -a found
  local value about
  while IFS=$'\t' read -r value about; do
    found+=("\${value//:/\\:}\${about:+:$about}")
  done < <(command poe completion --values $1 \${_poe_profile:+--profile "$_poe_profile"} 2>/dev/null </dev/null)
  (( $#found )) && _describe -V -t $1 $1 found -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}

_poe() {
  local _poe_profile
  local -i at=\${words[(I)--profile]}
  (( at )) && _poe_profile=\${words[at + 1]}
  _poe_root
}

if [[ $funcstack[1] == _poe ]]; then
  _poe "$@"
else
  compdef _poe poe poe-cli
fi
`;
