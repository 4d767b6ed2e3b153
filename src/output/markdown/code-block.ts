import type {Block, CodeBlock, Lines} from './syntax/model.js';

/**
 * The content of the first fenced code block of a Markdown text, byte for byte, without its last line break; undefined if
 * there is none. As in CommonMark, an unclosed fence reaches to the end of the text.
 */
export const firstCodeBlock = async (text: string): Promise<string | undefined> => (await codeBlocks(text)).at(0)?.text;

/** Like `firstCodeBlock`, but the last one. */
export const lastCodeBlock = async (text: string): Promise<string | undefined> => (await codeBlocks(text)).at(-1)?.text;

/** All fenced code blocks, as they stand in the text. `info` is what follows the fence. */
export async function codeBlocks(text: string): Promise<{info: string; text: string}[]> {
  // The Markdown parser takes a while to load.
  const [{unlimitedParsing}, {parseBlocks}] = await Promise.all([
    import('./syntax/context.js'),
    import('./syntax/parse-blocks.js'),
  ]);
  const lines = text.split(/(?<=\n|\r(?!\n))/);
  return fencedIn(parseBlocks(text, unlimitedParsing())).map((block) => ({
    info: block.info,
    text: exactCode(block, lines),
  }));
}

const fencedIn = (blocks: readonly Block[]): (CodeBlock & {lines: Lines})[] =>
  blocks.flatMap((block) => {
    if (block.type === 'quote') return fencedIn(block.blocks);
    if (block.type === 'list') return block.items.flatMap((item) => fencedIn(item.blocks));
    return block.type === 'code' && block.fence ? [block] : [];
  });

/** The code as it stands in the text: the parser replaces NUL characters and line ends. */
function exactCode({text, lines: {start}}: CodeBlock & {lines: Lines}, lines: readonly string[]): string {
  const code = text.split('\n').map((line, index) => {
    const [, content = '', end = ''] = /^([^\r\n]*)(.*)$/s.exec(lines[start + 1 + index] ?? '') ?? [];
    const exact = content.slice(content.length - line.length);
    return (exact.replaceAll('\0', '\uFFFD') === line ? exact : line) + end;
  });
  return code.join('').replace(/\n$/, '');
}
