import type Token from 'markdown-it/lib/token.mjs';
import type {ParseContext} from './context.js';
import type {Block, BlockContent, CodeBlock, Item, List, Table} from './model.js';
import {parser} from './parser.js';

/** The blocks of a Markdown text. */
export function parseBlocks(markdown: string, context: ParseContext): Block[] {
  const blocks = blocksIn(tokensOf(markdown, context).values());
  return context.limits.deepLines.length === 0 ? blocks : withoutDeepBlocks(blocks, markdown, context.limits.deepLines);
}

/** Definitions are not among the tokens: they are added to the context. */
function tokensOf(markdown: string, context: ParseContext): Token[] {
  if (context.hasDefinitions) parser.enable('reference');
  try {
    return parser.parse(markdown, context);
  } finally {
    parser.disable('reference');
  }
}

/** @param deepLines in ascending order */
function withoutDeepBlocks(blocks: readonly Block[], markdown: string, deepLines: readonly number[]): Block[] {
  const lines = markdown.split(/\r\n?|\n/);
  let next = 0;
  return blocks.map((block) => {
    const {start, end} = block.lines;
    while ((deepLines[next] ?? Infinity) < start) next += 1;
    if ((deepLines[next] ?? Infinity) >= end) return block;
    return {type: 'verbatim', text: lines.slice(start, end).join('\n'), lines: {start, end}};
  });
}

type Tokens = Iterator<Token, undefined>;

/**
 * The blocks up to the end of a container. The library returns a flat list of tokens; its limits keep this from going deep.
 * @param tokens after the one that opens the container
 */
function blocksIn(tokens: Tokens): Block[] {
  const blocks: Block[] = [];
  for (let token = next(tokens); token && token.nesting >= 0; token = next(tokens)) {
    const [start, end] = token.map ?? [0, 0];
    blocks.push({...toBlock(token, tokens), lines: {start, end}});
  }
  return blocks;
}

const next = (tokens: Tokens): Token | undefined => tokens.next().value;

function toBlock(token: Token, tokens: Tokens): BlockContent {
  switch (token.type) {
    case 'heading_open':
      return {type: 'heading', depth: Number(token.tag.slice(1)), source: sourceIn(tokens)};
    case 'paragraph_open':
      return {type: 'paragraph', source: sourceIn(tokens), isTight: token.hidden};
    case 'fence':
      return fencedCode(token);
    case 'code_block':
      return {type: 'code', text: withoutLastBreak(token.content), info: '', fence: undefined};
    case 'blockquote_open':
      return {type: 'quote', blocks: blocksIn(tokens)};
    case 'bullet_list_open':
    case 'ordered_list_open':
      return listIn(tokens, token);
    case 'table_open':
      return tableIn(tokens);
    case 'hr':
      return {type: 'rule'};
    default:
      return {
        type: 'verbatim',
        text: withoutLastBreak(token.content),
        isFormula: token.meta !== null,
        isOpen: isOpen(token),
      };
  }
}

/** The rule for formulas sets this. */
const isOpen = ({meta}: Token): boolean => (meta as {isOpen?: boolean} | null)?.isOpen ?? false;

/** The content of a heading, a paragraph or a cell, up to its end. */
function sourceIn(tokens: Tokens): string {
  const source = next(tokens)?.content ?? '';
  next(tokens);
  return source;
}

const withoutLastBreak = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text);

function fencedCode({content, info, markup, map}: Token): CodeBlock {
  const [start, end] = map ?? [0, 0];
  const lines = content === '' ? 0 : content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
  const isClosed = end - start === lines + 2;
  return {type: 'code', text: withoutLastBreak(content), info: info.trim(), fence: {marks: markup, isClosed}};
}

function listIn(tokens: Tokens, open: Token): List {
  const items: Item[] = [];
  for (let token = next(tokens); token?.type === 'list_item_open'; token = next(tokens))
    items.push({...toItem(token.info, blocksIn(tokens)), line: token.map?.[0] ?? 0});
  const isCounted = haveSameNumber(items);
  return {
    type: 'list',
    isNumbered: open.type === 'ordered_list_open',
    sign: signs.find((sign) => sign === open.markup) ?? '-',
    isLoose: items.some(({blocks}) => blocks.some((block) => block.type === 'paragraph' && !block.isTight)),
    isCounted,
    items: isCounted ? counted(items) : items,
  };
}

const signs = ['-', '*', '+', '.', ')'] as const;

function toItem(number: string, blocks: Block[]): Omit<Item, 'line'> {
  const [first, ...rest] = blocks;
  const [box, state] = (first?.type === 'paragraph' && /^\[([ x])\]\s/i.exec(first.source)) || [];
  if (first?.type !== 'paragraph' || box === undefined) return {number, blocks, isDone: undefined};
  return {number, blocks: [{...first, source: first.source.slice(box.length)}, ...rest], isDone: state !== ' '};
}

/** HTML counts from the first number on, but a list that counts down or skips numbers is meant as it is written. */
function haveSameNumber([first, ...more]: readonly Item[]): boolean {
  return more.length > 0 && first?.number !== '' && more.every(({number}) => number === first?.number);
}

const counted = (items: readonly Item[]): Item[] =>
  items.map((item, index) => (index === 0 ? item : {...item, number: String(Number(item.number) + index)}));

function tableIn(tokens: Tokens): Table {
  const rows: string[][] = [];
  const align: Table['align'] = [];
  for (let token = next(tokens); token && token.type !== 'table_close'; token = next(tokens)) {
    if (token.type === 'tr_open') rows.push([]);
    if (token.type === 'th_open') align.push(alignments.get(String(token.attrGet('style'))) ?? null);
    if (token.type === 'th_open' || token.type === 'td_open') rows.at(-1)?.push(sourceIn(tokens));
  }
  const [header = [], ...body] = rows;
  return {type: 'table', header, rows: body, align};
}

const alignments = new Map<string, Table['align'][number]>([
  ['text-align:left', 'left'],
  ['text-align:center', 'center'],
  ['text-align:right', 'right'],
]);
