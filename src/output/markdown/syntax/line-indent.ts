import type MarkdownIt from 'markdown-it';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';

/**
 * Keeps the blanks at the start of the lines of a paragraph, as in a poem, which the library's own rule drops, and the
 * backslash before such a line, as in a shell command of several lines.
 */
export function addLineIndent(md: MarkdownIt): void {
  md.inline.ruler.at('newline', lineBreak);
  md.inline.ruler.before('escape', 'continued_line', continuedLine);
}

function lineBreak(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '\n') return false;
  if (!silent) {
    state.pending = state.pending.trimEnd();
    state.push('softbreak', 'br', 0);
  }
  state.pos += 1;
  return true;
}

function continuedLine(state: StateInline, silent: boolean): boolean {
  const {src, pos} = state;
  if (src[pos] !== '\\' || src[pos + 1] !== '\n' || !/[ \t]/.test(src.charAt(pos + 2))) return false;
  if (!silent) state.pending += '\\';
  state.pos += 1;
  return true;
}
