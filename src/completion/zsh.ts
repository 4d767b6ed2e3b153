import type {Candidate} from './complete.js';
import {lines, type Reader} from './shell.js';

/*
 * Zsh quotes and matches candidates itself. The first line has the kind of completion, the length of the prefix, and the number
 * of long options that take a value, which come first: Zsh adds a removable `=` to them. Then comes one candidate per line, with
 * its description after a colon.
 *
 * Arguments: the words before the cursor, the last one up to the cursor, unquoted.
 */
export const zshScript = `#compdef poe poe-cli
# Completion of poe for Zsh, printed by: poe completion zsh
_poe() {
  local -a reply head valued plain
  reply=("\${(@f)$(command poe completion --complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  head=(\${=reply[1]})
  shift reply
  compset -p \${head[2]:-0}
  case $head[1] in
    files) _files ;;
    options)
      valued=($reply[1,head[3]]) plain=(\${reply:$head[3]})
      _describe -V -o option plain -- valued -q -S =
      ;;
    words) _describe -V -t values value reply -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' ;;
  esac
}

# In a folder of $fpath this file is the function; otherwise it registers the function.
if [[ $funcstack[1] == _poe ]]; then
  _poe "$@"
else
  compdef _poe poe poe-cli
fi
`;

export const zshReader: Reader = (args) => ({
  before: args.slice(0, -1),
  current: args.at(-1) ?? '',
  print({kind, prefix, candidates}) {
    const isValued = ({word, takesValue}: Candidate) => takesValue === true && word.startsWith('--');
    const valued = candidates.filter(isValued);
    const plain = candidates.filter((candidate) => !isValued(candidate));
    return lines([`${kind} ${prefix.length} ${valued.length}`, ...[...valued, ...plain].map(described)]);
  },
});

const described = ({word, description}: Candidate): string =>
  escaped(word) + (description === '' ? '' : `:${escaped(description)}`);

const escaped = (text: string): string => text.replaceAll(/[:\\]/g, String.raw`\$&`);
