import {lines, type Reader} from './shell.js';

/*
 * Fish quotes and matches candidates itself, but replaces the whole word, so candidates include the prefix. The first line is
 * the kind of completion and the length of the prefix.
 *
 * Arguments: the words before the cursor, unquoted, and the word at the cursor as typed.
 */
export const fishScript = `# Completion of poe for fish, printed by: poe completion fish
function __poe_complete
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -e words[1]
    set -l reply (command poe completion --complete fish $words "$token" 2>/dev/null </dev/null)
    set -l head (string split ' ' -- $reply[1])
    set -e reply[1]
    if test "$head[1]" = files
        set -l prefix (string sub -l $head[2] -- "$token")
        for path in (__fish_complete_path (string sub -s (math $head[2] + 1) -- "$token"))
            printf '%s\\n' $prefix$path
        end
    else
        string join \\n -- $reply
    end
end

for program in poe poe-cli
    complete -c $program -e
    complete -c $program -f -k -a '(__poe_complete)'
end
`;

export const fishReader: Reader = (args) => ({
  before: args.slice(0, -1),
  current: (args.at(-1) ?? '').replaceAll(/["']|\\(.)/g, '$1'),
  print: ({kind, prefix, candidates}) =>
    lines([
      `${kind} ${prefix.length}`,
      ...candidates.map(({word, description}) => `${prefix}${word}${description === '' ? '' : `\t${description}`}`),
    ]),
});
