import {TexParser, UnknownTex} from './tex-parser.js';

/** Longer formulas are hard to read on a line. */
const maxLength = 400;

/**
 * A formula as text: `\(\pi r^2\)` as `π r²`. Either all of it is understood, or nothing is changed.
 * @param formula with its marks: `\(…\)`, `\[…\]`, `$…$`, `$$…$$` or `\begin{…}…\end{…}`; sanitized
 * @returns lines; undefined if the formula must be shown as it was written
 */
export function texToText(formula: string): string | undefined {
  if (formula.length > maxLength) return undefined;
  const content = contentOf(formula.trim());
  if (content === undefined) return undefined;
  try {
    const rows = rowsOf(content.trim()).map((row) => new TexParser(row.replaceAll(/\s+/g, ' ').trim()).parse().trim());
    return rows.includes('') ? undefined : rows.join('\n');
  } catch (error) {
    if (error instanceof UnknownTex) return undefined;
    throw error;
  }
}

/** The formula within its marks. */
function contentOf(formula: string): string | undefined {
  if (formula.startsWith('\\begin')) return formula;
  const [, , display, , inline, bracketed] =
    /^(?:(\$\$([^]+)\$\$)|(\$([^$]+)\$)|\\[([]([^]+)\\[)\]])$/.exec(formula) ?? [];
  // GitHub's other form: $`…`$.
  if (inline?.startsWith('`')) return /^`([^`]+)`$/.exec(inline)?.[1];
  if (inline !== undefined) return isCertain(inline) ? inline : undefined;
  return display ?? bracketed;
}

/**
 * Whether a text between dollar signs is a formula rather than amounts of money or names of variables: it contains a letter, but
 * no words, and it does not start or end like a part of a sentence. Without TeX's own characters, it also contains no terms that
 * only a blank separates.
 */
function isCertain(text: string): boolean {
  const simple = text.replaceAll(/(?:\\text[a-z]*|[_^])\s*\{[^{}]*\}|\\(?:[a-z]+|[^])/gi, '\\');
  if (/[a-z]{3}/i.test(simple) || /^[*/=<>,.:;!?]|[-+*/=<>,.:;?]$/.test(simple)) return false;
  return /[\\^_]/.test(simple) || (/\p{L}/u.test(simple) && !/[\p{L}\p{N})\].:;!?]\s+[\p{L}\p{N}([]/u.test(simple));
}

const environment = /^\\begin\{(equation|align|aligned|gather|gathered|split)(\*?)\}([^]*)\\end\{\1\2\}$/;

/** The rows of an environment. Their columns are joined. */
function rowsOf(content: string): string[] {
  const [, , , inner] = environment.exec(content) ?? [];
  if (inner === undefined) return [content];
  return inner
    .trim()
    .replace(/\\\\$/, '')
    .split('\\\\')
    .map((row) => row.replaceAll(/(?<!\\)&/g, ' '));
}
