import type {Candidate, Completion} from './complete.js';
import {lines, type Reader} from './shell.js';

/*
 * Bash splits words at `=` and `:` too (COMP_WORDBREAKS), and inserts candidates without quoting them. So this takes the line
 * itself, splits it as the shell would, quotes the candidates like the word, and leaves out the part that Bash does not replace.
 *
 * Arguments: the line up to the cursor, the part of the word that Bash replaces ($2), COMP_TYPE and COLUMNS.
 */
export const bashScript = `# Completion of poe for Bash, printed by: poe completion bash
_poe() {
  local line kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command poe completion --complete bash "\${COMP_LINE:0:COMP_POINT}" "$2" "$COMP_TYPE" "$COLUMNS" 2>/dev/null </dev/null)
  case $kind in
    files) compopt -o default -o bashdefault 2>/dev/null ;;
    *) compopt -o nosort 2>/dev/null ;;
  esac
}

complete -F _poe poe poe-cli
`;

export const bashReader: Reader = ([line = '', replaced = '', type, columns]) => {
  const words = withoutRedirections(splitLine(line)).slice(1);
  const word = words.pop() ?? emptyWord;
  return {
    before: words.map(({value}) => value),
    current: word.value,
    print(completion) {
      if (completion.kind === 'files' || word.isFile) return 'files\n';
      const replies = repliesFor(word, word.raw.length - replaced.length, completion);
      // While menu-complete (%) or insert-completions (*) runs, Bash inserts all of a reply.
      const isList = replies.length > 1 && type !== '37' && type !== '42';
      return lines(['words', ...(isList ? described(replies, Number(columns) || 80) : replies.map(({word}) => word))]);
    },
  };
};

interface Word {
  /** As typed. */
  raw: string;
  value: string;
  /** Index in `raw` of the quote that is still open; undefined if none is. */
  openQuote?: number;
  /** The value of the text before the open quote. */
  beforeQuote: string;
  /** Whether it follows a redirection. */
  isFile?: boolean;
}

const emptyWord: Word = {raw: '', value: '', beforeQuote: ''};

/** Splits at blanks outside quotes. The last word, which may be empty, ends at the cursor. */
function splitLine(line: string): Word[] {
  const words: Word[] = [{...emptyWord}];
  for (let at = 0; at < line.length; at++) {
    const word = words.at(-1) ?? emptyWord;
    const char = line.charAt(at);
    const quote = word.openQuote === undefined ? '' : word.raw.charAt(word.openQuote);
    const next = line.charAt(at + 1);
    if (quote === '' && /\s/.test(char)) {
      if (word.raw !== '') words.push({...emptyWord});
      continue;
    }
    if (char === '\\' && (quote === '' || (quote === '"' && /["$\\`]/.test(next)))) {
      word.raw += char + next;
      word.value += next;
      at += 1;
      continue;
    }
    if (quote === '' ? /["']/.test(char) : char === quote) {
      word.openQuote = quote === '' ? word.raw.length : undefined;
      word.beforeQuote = word.value;
    } else {
      word.value += char;
    }
    word.raw += char;
  }
  return words;
}

/** Leaves out `>`, `2>` and the like with their files. At the cursor such a file stays, marked. */
function withoutRedirections(words: readonly Word[]): Word[] {
  const isOperator = ({raw}: Word) => /^(?:\d*(?:[<>]|>>|<>|>\|)|&>>?)$/.test(raw);
  return words.flatMap((word, index) => {
    const isLast = index === words.length - 1;
    const previous = words[index - 1];
    const isFile = (previous !== undefined && isOperator(previous)) || /^(?:\d*[<>]|&>)/.test(word.raw);
    if (isFile) return isLast ? {...word, isFile} : [];
    return word;
  });
}

/** @param skip length of the start of the word that Bash does not replace */
function repliesFor(word: Word, skip: number, {prefix, candidates, ignoresCase}: Completion): Candidate[] {
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const typed = fold(word.value.slice(prefix.length));
  return candidates
    .filter((candidate) => fold(candidate.word).startsWith(typed))
    .map(({word: text, description}) => ({word: quotedLike(word, prefix + text), description}))
    .filter((reply) => reply.word.startsWith(word.raw.slice(0, skip)))
    .map(({word: reply, description}) => ({word: reply.slice(skip), description}));
}

function quotedLike({raw, openQuote, beforeQuote}: Word, text: string): string {
  if (openQuote === undefined) return text.replace(/[^\w@%+=:,./\u0080-\uFFFF-]/g, String.raw`\$&`);
  const inside = text.slice(beforeQuote.length);
  const quoted =
    raw.charAt(openQuote) === '"'
      ? inside.replace(/["$\\`]/g, String.raw`\$&`)
      : inside.replaceAll("'", String.raw`'\''`);
  return raw.slice(0, openQuote + 1) + quoted;
}

/** Bash lists replies as they are. Descriptions are never inserted: replies with descriptions have different starts. */
function described(replies: readonly Candidate[], columns: number): string[] {
  const longest = Math.max(...replies.map(({word}) => word.length));
  return replies.map(({word, description}) =>
    description === ''
      ? word
      : `${word.padEnd(longest)}  ${`(${description})`.slice(0, Math.max(0, columns - longest - 4))}`,
  );
}
