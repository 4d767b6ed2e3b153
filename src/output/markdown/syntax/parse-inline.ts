import type Token from 'markdown-it/lib/token.mjs';
import type {ParseContext} from './context.js';
import type {Inline} from './model.js';
import {parser} from './parser.js';

/** The inline elements of a paragraph, a heading or a cell. */
export function parseInline(source: string, context: ParseContext): Inline[] {
  if (isPlain.test(source)) return source === '' ? [] : [{type: 'text', text: source}];
  const tokens: Token[] = [];
  context.limits.startParagraph();
  parser.inline.parse(source, parser, context, tokens);
  const isTooMuch = context.limits.isExceeded || depthOf(tokens) > maxDepth;
  return isTooMuch ? [{type: 'text', text: source}] : inlinesIn(tokens.values());
}

/** A text without anything that may be Markdown. */
const isPlain = /^[\p{L}\p{N}\p{M} ,.;?'"()%/+-]*$/u;

/** Nobody nests emphasis as deep as this. */
const maxDepth = 30;

function depthOf(tokens: readonly Token[]): number {
  let depth = 0;
  let deepest = 0;
  for (const {nesting} of tokens) {
    depth += nesting;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

type Tokens = Iterator<Token, undefined>;

/** The elements up to the end of the one that contains them. */
function inlinesIn(tokens: Tokens): Inline[] {
  const inlines: Inline[] = [];
  for (let token = tokens.next().value; token && token.nesting >= 0; token = tokens.next().value) {
    const inline = toInline(token, tokens);
    const last = inlines.at(-1);
    if (inline.type === 'text' && last?.type === 'text') last.text += inline.text;
    else if (inline.type !== 'text' || inline.text !== '') inlines.push(inline);
  }
  return inlines;
}

function toInline(token: Token, tokens: Tokens): Inline {
  switch (token.type) {
    case 'strong_open':
      return {type: 'strong', children: inlinesIn(tokens)};
    case 'em_open':
      return {type: 'emphasis', children: inlinesIn(tokens)};
    case 's_open':
      return {type: 'strikethrough', children: inlinesIn(tokens)};
    case 'link_open':
      return {type: 'link', href: token.attrGet('href') ?? '', children: inlinesIn(tokens)};
    case 'image':
      return {type: 'image', href: token.attrGet('src') ?? '', alt: plainText(token.children ?? [])};
    case 'code_inline':
      return {type: 'code', text: token.content, marks: token.markup};
    case 'html_inline':
      return {type: 'html', text: token.content};
    case 'formula':
      return {type: 'formula', text: token.content};
    case 'softbreak':
    case 'hardbreak':
      return {type: 'break'};
    default:
      return {type: 'text', text: token.content};
  }
}

/** The words of an image's description. */
const plainText = (tokens: readonly Token[]): string =>
  tokens
    .map(({type, content, children}) =>
      type === 'image' ? plainText(children ?? []) : type.endsWith('break') ? ' ' : content,
    )
    .join('');
