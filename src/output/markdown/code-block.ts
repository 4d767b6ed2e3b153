/**
 * The content of the first fenced code block of a Markdown text, byte for byte, without its last line break; undefined if
 * there is none. As in CommonMark, an unclosed fence reaches to the end of the text.
 */
export const firstCodeBlock = (text: string): string | undefined => codeBlockIn(text)?.code;

/** Like `firstCodeBlock`, but the last one. */
export function lastCodeBlock(text: string): string | undefined {
  let last: string | undefined;
  for (let block = codeBlockIn(text); block; block = codeBlockIn(block.rest)) last = block.code;
  return last;
}

function codeBlockIn(text: string): {code: string; rest: string} | undefined {
  const opening = /^([ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?)(`{3,}(?=[^`\n]*$)|~{3,})[^\n]*$/m.exec(text);
  if (!opening) return undefined;
  const [line, before = '', fence = ''] = opening;
  const rest = text.slice(opening.index + line.length + 1);
  const closing = new RegExp(`^[ \\t>]*${fence.charAt(0)}{${fence.length},}[ \\t]*\\r?$`, 'm').exec(rest);
  const lines = (closing ? rest.slice(0, closing.index) : rest).replace(/\n$/, '').split('\n');
  const code = lines.map((each) => withoutIndent(each, before)).join('\n');
  return {code, rest: closing ? rest.slice(closing.index + closing[0].length) : ''};
}

/** Removes the indentation of the fence, which a list or a quote may cause. */
function withoutIndent(line: string, before: string): string {
  const quotes = before.split('>').length - 1;
  const quoted = quotes > 0 ? line.replace(new RegExp(`^(?:[ \\t]*>[ \\t]?){0,${quotes}}`), '') : line;
  const width = quotes > 0 ? 0 : before.length;
  return quoted.replace(new RegExp(`^[ \\t]{0,${width}}`), '');
}
