import type {Draft} from '../prompt/draft.js';
import {typedAt} from '../prompt/marks.js';
import {splitWords} from '../slash-commands/parse.js';

/** The part of a draft that a menu completes. */
export interface Target {
  kind: 'command' | 'argument' | 'file';
  /** Where the command or the `@` starts. Esc closes the menu for everything up to the caret. */
  anchor: number;
  /** The part that is replaced. */
  start: number;
  end: number;
  /** What was typed of it before the caret, without quotes and backslashes. */
  query: string;
  /** The command; '' if none has been typed yet. */
  command: string;
  /** Which argument of the command it is. */
  index: number;
  /** False for an `@` that was pasted: only Tab completes it. */
  isTyped: boolean;
}

/** Finds what can be completed at the caret of a draft with marks. */
export function targetAt({text, caret}: Draft): Target | undefined {
  const before = text.slice(0, caret);
  const end = caret + (/^\S*/.exec(text.slice(caret))?.[0].length ?? 0);
  if (isCommandLine.test(before)) return commandTarget(before, end);
  const mention = mentionPattern.exec(before);
  if (!mention) return undefined;
  const [all, mark, quoted, escaped = ''] = mention;
  const anchor = before.length - all.length;
  const query = quoted ?? unescape(escaped);
  return {kind: 'file', anchor, start: anchor, end, query, command: '', index: 0, isTyped: mark === typedAt};
}

function commandTarget(before: string, end: number): Target | undefined {
  const [, name = '', rest] = /^\/([a-z-]*)(.*)$/.exec(before) ?? [];
  const target = {anchor: 0, start: 0, end, isTyped: true};
  if (rest === '') return {...target, kind: 'command', query: name, command: '', index: 0};
  const word = /(?:\\.|[^\s\\])*$/.exec(before)?.[0] ?? '';
  if (word.startsWith('-')) return undefined;
  const start = before.length - word.length;
  const index = splitWords(before.slice(0, start)).length - 1;
  return {...target, kind: 'argument', start, query: unescape(word), command: name, index};
}

/** Whether the targets complete the same thing, perhaps after a key more. */
export const isSameTarget = (one: Target, other: Target): boolean =>
  one.kind === other.kind && one.start === other.start && one.command === other.command && one.index === other.index;

/** A name, or a name and a blank. A path such as `/usr/bin` is text. */
const isCommandLine = /^\/[a-z-]*(?: [^\n]*)?$/;

/** An `@` with the start of a path, perhaps after a quote. */
const mentionPattern = new RegExp(
  `(?<![\\w.+/@\\\\-])([@${typedAt}])(?:["']([^"'\\n]*)|((?:\\\\.|[^\\s\\\\"'])*))$`,
  's',
);

const unescape = (word: string): string => word.replaceAll(/\\(.)/gs, '$1');
