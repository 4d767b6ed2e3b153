import {indented, isPlain, verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has Bash complete a program: the tree as a function of its own, and how it is walked. */
export function bashScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  const cases = places.map((place) => placeCase(place));
  return `# Completion of poe for Bash, as \`poe completion bash\` prints it.

# What can be typed at the place $1: subcommands, options, and of which kind $2 is: the value of an option, or the argument
# of that number.
_poe_place() {
  subcommands=() options=() choices=() kind=
  case $1 in
${indented(cases.flat(), '    ')}
  esac
${indented([...valueCase(common, []), `options+=(${flagNames(common)})`], '  ')}
}

${walk}`;
}

function placeCase({path, options, arguments: slots, subcommands}: Place): string[] {
  const names = subcommands.flatMap(({name, aliases}) => [name, ...aliases]).map(quoted);
  return [
    `${quoted(path)})`,
    ...(names.length > 0 ? [`  subcommands=(${names.join(' ')})`] : []),
    ...(options.length > 0 ? [`  options=(${flagNames(options)})`] : []),
    ...valueCase(options, slots).map((line) => `  ${line}`),
    '  ;;',
  ];
}

const flagNames = (options: Flag[]) =>
  options
    .flatMap(({names}) => names)
    .map(quoted)
    .join(' ');

function valueCase(options: Flag[], slots: Slot[]): string[] {
  const values = options.flatMap(({names, value}) => (value ? [arm(names.map(quoted).join(' | '), value)] : []));
  const arguments_ = slots.map((slot, index) => arm(slot.isVariadic ? '[0-9]*' : String(index + 1), slot));
  const arms = [...values, ...arguments_].map((line) => `  ${line}`);
  return arms.length > 0 ? ['case $2 in', ...arms, 'esac'] : [];
}

function arm(pattern: string, {words}: Slot): string {
  switch (words.kind) {
    case 'choices':
      return `${pattern}) kind=choices choices=(${words.choices.map(quoted).join(' ')}) ;;`;
    case 'live':
      return `${pattern}) kind=${words.live} ;;`;
    case 'files':
    case 'free':
      return `${pattern}) kind=${words.kind} ;;`;
  }
}

const quoted = (word: string): string => (isPlain(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

const walk = verbatim`# The words of the kind that is asked for, one a line; behind a tab, what describes it.
_poe_words() {
  case $kind in
    free | files) ;;
    choices) printf '%s\n' "\${choices[@]}" ;;
    options) printf '%s\n' "\${options[@]}" ;;
    subcommands) printf '%s\n' "\${subcommands[@]}" ;;
    *) command "$program" completion --values "$kind" \${profile:+--profile "$profile"} 2>/dev/null </dev/null ;;
  esac
}

# Whether $1 is among the words after it.
_poe_is_among() {
  local word
  for word in "\${@:2}"; do
    [[ $word == "$1" ]] && return
  done
  return 1
}

_poe() {
  local program=\${1##*/} line=\${COMP_LINE:0:COMP_POINT}
  local subcommands options choices kind profile= path=
  local typed=() count=0 i word gap
  COMPREPLY=()

  # Bash cuts words at = and : too. Here they are whole again, and the last one ends at the cursor.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    gap=\${line%%[![:space:]]*}
    line=\${line:\${#gap}}
    word=\${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$line
    line=\${line:\${#word}}
    if [[ -n $gap || $count == 0 ]]; then
      typed[count++]=$word
    else
      typed[count - 1]+=$word
    fi
  done

  # Which command it is, what the last word but one waits for, and how many arguments there are.
  local option= is_over= arguments=0
  for ((i = 1; i < count - 1; i++)); do
    word=\${typed[i]}
    if [[ -n $option ]]; then
      [[ $kind == profiles ]] && profile=\${word//[\"\'\\]/}
      option=
    elif [[ -z $is_over && $word == -- ]]; then
      is_over=yes
    elif [[ -z $is_over && $word == --*=* ]]; then
      _poe_place "$path" "\${word%%=*}"
      [[ $kind == profiles ]] && word=\${word#*=} profile=\${word//[\"\'\\]/}
    elif [[ -z $is_over && $word == -?* ]]; then
      _poe_place "$path" "$word"
      [[ -n $kind ]] && option=$word
    else
      _poe_place "$path" 1
      if [[ -z $is_over && $arguments == 0 ]] && _poe_is_among "$word" "\${subcommands[@]}"; then
        path+=\${path:+ }$word
      else
        ((arguments += 1))
      fi
    fi
  done

  # What the last word can be. Of an option with its value, the head is there already.
  local raw=\${typed[count - 1]} head=
  local value=$raw
  if [[ -n $option ]]; then
    _poe_place "$path" "$option"
  elif [[ -z $is_over && $raw == --*=* ]]; then
    head=\${raw%%=*}= value=\${raw#*=}
    _poe_place "$path" "\${raw%%=*}"
  elif [[ -z $is_over && $raw == -* ]]; then
    _poe_place "$path" ''
    kind=options
  else
    _poe_place "$path" "$((arguments + 1))"
    if [[ -z $is_over && $arguments == 0 && \${#subcommands[@]} -gt 0 ]]; then
      kind=subcommands
    fi
  fi
  if [[ $kind == files ]]; then
    compopt -o default -o bashdefault 2>/dev/null
    return
  fi

  local quote= is_caseless=
  case $value in
    \"* | \'*) quote=\${value:0:1} value=\${value:1} ;;
    *) value=\${value//\\/} ;;
  esac
  case $kind in
    bots | chats | categories | profiles)
      compopt -o nosort 2>/dev/null
      shopt -q nocasematch || is_caseless=yes
      ;;
  esac

  # What Bash replaces is only the end of the word: the rest of a reply must be there already.
  local -i skip=$((\${#raw} - \${#2})) longest=0
  local reply about abouts=() tick=$'\x60'
  [[ -n $is_caseless ]] && shopt -s nocasematch
  while IFS=$'\t' read -r word about; do
    [[ $word == "$value"* ]] || continue
    case $quote in
      \") word=\${word//\\/\\\\} word=\${word//\"/\\\"} word=\${word//\$/\\\$} reply=\"\${word//$tick/\\$tick} ;;
      \') reply=\'\${word//\'/\'\\\'\'} ;;
      *) printf -v reply %q "$word" ;;
    esac
    reply=$head$reply
    [[ \${reply:0:skip} == "\${raw:0:skip}" ]] || continue
    reply=\${reply:skip}
    COMPREPLY+=("$reply")
    abouts+=("$about")
    ((\${#reply} > longest)) && longest=\${#reply}
  done < <(_poe_words)
  [[ -n $is_caseless ]] && shopt -u nocasematch

  # Several are listed, and not yet put in: then it can be said what each is.
  if ((\${#COMPREPLY[@]} > 1)) && [[ \${COMP_TYPE:-9} != 37 && \${COMP_TYPE:-9} != 42 ]]; then
    for i in "\${!COMPREPLY[@]}"; do
      [[ -n \${abouts[i]} ]] || continue
      about="(\${abouts[i]})"
      printf -v 'COMPREPLY[i]' '%-*s  %s' "$longest" "\${COMPREPLY[i]}" "\${about:0:\${COLUMNS:-80} - longest - 4}"
    done
  fi
}

complete -F _poe poe poe-cli
`;
