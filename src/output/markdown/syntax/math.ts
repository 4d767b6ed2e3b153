import type MarkdownIt from 'markdown-it';
import type StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';
import {contextOf} from './context.js';

/** Finds TeX, which stays as it was written: `\(…\)`, `\[…\]`, `$…$`, `$$…$$`, `\begin{…}…\end{…}`, and `\\`, `\{`, `\}` everywhere. */
export function addMath(md: MarkdownIt): void {
  md.block.ruler.before('code', 'math', mathBlock, {alt: ['paragraph']});
  md.inline.ruler.before('escape', 'math', mathSpan);
}

/**
 * A formula of several lines, up to its closing mark. It contains no blank line. At the end of a growing text, it may still be
 * arriving.
 */
function mathBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (!contextOf(state).hasFormulas || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const firstLine = lineOf(state, startLine);
  const closing = closingOf(firstLine);
  if (closing === undefined || firstLine.includes(closing, 2)) return false;
  const end = endOf(state, closing, startLine, endLine);
  if (!end || silent) return end !== undefined;
  const token = state.push('verbatim', '', 0);
  token.map = [startLine, end.nextLine];
  token.content = state.getLines(startLine, end.nextLine, state.blkIndent, false);
  token.meta = {isOpen: end.isOpen};
  state.line = end.nextLine;
  return true;
}

function closingOf(line: string): string | undefined {
  if (line.startsWith('$$')) return '$$';
  if (line.startsWith('\\[')) return '\\]';
  return environmentEnd(line);
}

/** The mark that ends an environment, given the text from its start. */
function environmentEnd(text: string): string | undefined {
  const [, name] = /^\\begin\{([a-z]{1,20}\*?)\}/i.exec(text) ?? [];
  return name === undefined ? undefined : `\\end{${name}}`;
}

/** By parser state and closing mark: the line up to which there is no such mark. */
const unclosedUntil = new WeakMap<StateBlock, Map<string, number>>();

/** The lines are searched once for each closing mark. A text with more marks that do not occur has no formulas. */
const maxUnclosed = 30;

interface FormulaEnd {
  nextLine: number;
  isOpen: boolean;
}

/** @returns undefined if this is no formula */
function endOf(state: StateBlock, closing: string, startLine: number, endLine: number): FormulaEnd | undefined {
  const unclosed = unclosedUntil.get(state) ?? new Map<string, number>();
  unclosedUntil.set(state, unclosed);
  if (startLine < (unclosed.get(closing) ?? 0)) return undefined;
  if (unclosed.size >= maxUnclosed && !unclosed.has(closing)) return undefined;
  for (let line = startLine + 1; line < endLine; line += 1) {
    if (state.isEmpty(line) || (state.sCount[line] ?? 0) < state.blkIndent) {
      unclosed.set(closing, line);
      return undefined;
    }
    if (lineOf(state, line).includes(closing)) return {nextLine: line + 1, isOpen: false};
  }
  if (contextOf(state).isGrowing) {
    contextOf(state).hasOpenFormula = true;
    return {nextLine: endLine, isOpen: true};
  }
  unclosed.set(closing, endLine);
  return undefined;
}

const lineOf = (state: StateBlock, line: number): string =>
  state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);

function mathSpan(state: StateInline, silent: boolean): boolean {
  const end = contextOf(state).hasFormulas ? spanEnd(state) : undefined;
  if (end === undefined) return false;
  if (!silent)
    state.push(isFormula(state, end) ? 'formula' : 'text_special', '', 0).content = state.src.slice(state.pos, end);
  state.pos = end;
  return true;
}

/** Text that stays as it was written, but is no formula: an escaped character, and amounts of money or variables in `a$b$c`. */
function isFormula({src, pos}: StateInline, end: number): boolean {
  if (src[pos] !== '$' || src[pos + 1] === '$') return end - pos > 2;
  return !/[a-z0-9]/i.test(src.charAt(pos - 1) + src.charAt(end));
}

function spanEnd(state: StateInline): number | undefined {
  const {src, pos} = state;
  switch (src.charAt(pos)) {
    case '$':
      return src[pos + 1] === '$' ? (endAfter(state, '$$', pos + 3) ?? pos + 2) : dollarEnd(src, pos);
    case '\\':
      return texEnd(state, src.charAt(pos + 1));
    default:
      return undefined;
  }
}

function texEnd(state: StateInline, command: string): number | undefined {
  const {src, pos} = state;
  switch (command) {
    case '\\':
    case '{':
    case '}':
      return pos + 2;
    case '(':
      return endAfter(state, '\\)', pos + 2);
    case '[': {
      const end = endAfter(state, '\\]', pos + 2);
      // The marks of a link that is not to be one.
      return end !== undefined && '([:'.includes(src.charAt(end) || ' ') ? undefined : end;
    }
    case 'b': {
      const closing = environmentEnd(src.slice(pos, pos + 40));
      return closing === undefined ? undefined : endAfter(state, closing, pos + 2);
    }
    default:
      return undefined;
  }
}

/**
 * The end of `$…$`. As in Pandoc, no blank follows the first `$` or precedes the last one, and no digit follows it: amounts
 * of money are none.
 */
function dollarEnd(src: string, pos: number): number | undefined {
  if (isBlank(src.charAt(pos + 1))) return undefined;
  let at = pos + 1;
  while (at < src.length && src[at] !== '$') at += src[at] === '\\' ? 2 : 1;
  if (at >= src.length || at === pos + 1 || isBlank(src.charAt(at - 1)) || /\d/.test(src.charAt(at + 1)))
    return undefined;
  const formula = src.slice(pos + 1, at);
  // Code that contains one of the marks is code; `$`…`$` is a formula.
  if (formula.includes('`') && !(formula.startsWith('`') && formula.endsWith('`'))) return undefined;
  return at + 1;
}

const isBlank = (character: string): boolean => character.trim() === '';

/** By parser state and mark: where the mark is, seen from where. */
const found = new WeakMap<StateInline, Map<string, {from: number; at: number}>>();

/** The position after the next such mark; undefined if there is none. Each part of the text is searched once. */
function endAfter(state: StateInline, mark: string, from: number): number | undefined {
  const known = found.get(state) ?? new Map<string, {from: number; at: number}>();
  found.set(state, known);
  let last = known.get(mark);
  if (!last || from < last.from || (last.at !== -1 && last.at < from)) {
    last = {from, at: state.src.indexOf(mark, from)};
    known.set(mark, last);
  }
  return last.at === -1 ? undefined : last.at + mark.length;
}
