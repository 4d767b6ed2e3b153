import {parseBlocks, type Token} from './lexer.js';

/**
 * How much of a growing Markdown text, from its start, is finished: blocks whose look no later text can change. When in
 * doubt a block is not: an open fence, a list, a quote, a table and a paragraph are held back until something closes them.
 * @returns a number of UTF-16 code units, at the end of a line
 */
export function finishedLength(markdown: string): number {
  // The last line may yet become something else.
  const lines = markdown.slice(0, markdown.lastIndexOf('\n') + 1);
  // The lexer makes one line break of the two characters; this keeps the count.
  const tokens = parseBlocks(lines.replaceAll('\r\n', ' \n'));
  let last = tokens.findLastIndex(({type}) => type !== 'space');
  const open = tokens[last];
  if (open && isClosed(open, tokens[last + 1])) last = tokens.length;
  return tokens.slice(0, Math.max(last, 0)).reduce((length, {raw}) => length + raw.length, 0);
}

/** Whether the last block of a text is complete already. */
function isClosed({type, raw}: Token, next: Token | undefined): boolean {
  if (type === 'heading' || type === 'hr') return !/\n *(?:=+|-+) *\n*$/.test(raw) || /\n\n/.test(raw);
  if (type === 'code') return /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[\s\S]*\n {0,3}\1[`~]* *\n/.test(raw);
  return type === 'paragraph' && next?.type === 'space';
}
