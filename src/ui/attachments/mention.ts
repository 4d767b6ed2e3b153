import type {PromptText} from '../prompt/prompt-text.js';

/** A place in a text where an `@` was typed before a path. */
export interface Mention {
  /** Which of the typed `@`s it is. */
  index: number;
  /** What the path may be, best guess first: the text goes on after it, with punctuation for example. */
  paths: readonly string[];
}

/** The places where a message names a file as `@path`. A command has none. */
export function mentionsIn({text, mentions}: PromptText): Mention[] {
  return mentions.flatMap((at, index) => {
    if (!startsMention(text, at)) return [];
    const paths = pathsAt(text, at + 1);
    return paths.length === 0 ? [] : [{index, paths}];
  });
}

/** The text to send: a typed `\@` is an `@`. */
export function literalText({text, mentions}: PromptText): string {
  const backslashes = new Set(mentions.filter((at) => text[at - 1] === '\\').map((at) => at - 1));
  return [...slicesWithout(text, backslashes)].join('');
}

function* slicesWithout(text: string, removed: ReadonlySet<number>): Generator<string> {
  let done = 0;
  for (const at of removed) {
    yield text.slice(done, at);
    done = at + 1;
  }
  yield text.slice(done);
}

/** Not in `me@example.com`, `src/@types` and `\@`. */
const startsMention = (text: string, at: number): boolean => !/[\w.+\-/@\\]/.test(text[at - 1] ?? '');

const maxPathLength = 4096;

/** The paths that may start at an index, either in quotes or with backslashes before blanks. */
export function pathsAt(text: string, start: number): string[] {
  const rest = text.slice(start, start + maxPathLength);
  const [, double, single] = /^(?:"([^"\n]+)"|'([^'\n]+)')/.exec(rest) ?? [];
  const quoted = double ?? single;
  if (quoted !== undefined) return [quoted];
  const word = /^(?:\\.|[^\s\\]|\\(?=\s*$))+/.exec(rest)?.[0] ?? '';
  const words = [...withoutPunctuation(word), ...withoutPunctuation(word.replace(cjkPunctuation, ''))];
  return [...new Set(words.flatMap(spellings))];
}

const cjkPunctuation = /[，。、；：！？）】」』》].*$/s;

/** A word, and what is left of it without each punctuation character at its end. */
function withoutPunctuation(word: string): string[] {
  const words = [];
  let rest = word;
  while (rest !== '' && words.length < 10) {
    words.push(rest);
    if (!/[.,;:!?…)\]}>'"`*，。、；：！？）】」』》]$/.test(rest)) break;
    rest = rest.slice(0, -1);
  }
  return words;
}

/** A backslash escapes the next character, or separates the folders of a Windows path. */
export function spellings(word: string): string[] {
  const unescaped = word.replaceAll(/\\(.)/gs, '$1');
  return isWindowsPath(word) ? [word, unescaped] : [unescaped, word];
}

const isWindowsPath = (word: string): boolean => /^(?:[A-Za-z]:\\|\\\\)/.test(word);

/** A path as it is typed after an `@`. */
export function asWord(path: string): string {
  if (!/[\s\\'"]/.test(path)) return path;
  if (path.includes('\\') && !path.includes('"')) return `"${path}"`;
  return path.replaceAll(/[\s\\'"]/g, String.raw`\$&`);
}
