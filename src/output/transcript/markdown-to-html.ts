import type {Highlighter} from '../markdown/highlighter.js';
import {parsing, type ParseContext, type References} from '../markdown/syntax/context.js';
import {
  type Block,
  type CodeBlock,
  type Inline,
  isLineBreak,
  type Item,
  type List,
  type Paragraph,
  type Table,
} from '../markdown/syntax/model.js';
import {parseBlocks} from '../markdown/syntax/parse-blocks.js';
import {parseInline} from '../markdown/syntax/parse-inline.js';
import {coloredHtml} from './html-code.js';

export interface HtmlOptions {
  /** What `![picture][name]` refers to. */
  references?: References | undefined;
  /** Colors code, in the languages that it has loaded. */
  highlighter?: Highlighter | undefined;
  /** The content of images by their URL, as `data:` URLs. Other images become links. */
  images?: ReadonlyMap<string, string> | undefined;
  /** The paths of copies of files, as relative URLs by the URL of the file. */
  copies?: ReadonlyMap<string, string> | undefined;
}

/** What the text of a message is made with. */
type Context = ParseContext & Pick<HtmlOptions, 'highlighter' | 'images' | 'copies'>;

/**
 * Markdown as safe HTML: all tags and attributes come from this module, everything else is escaped. Links have http, https
 * and mailto URLs. HTML tags are shown as text.
 */
export function toHtml(markdown: string, {references, highlighter, images, copies}: HtmlOptions = {}): string {
  const text = markdown.replaceAll('\0', '\uFFFD');
  const context = {...parsing(text, {references, hasDefinitions: true}), highlighter, images, copies};
  return blocks(parseBlocks(text, context), context);
}

/** Escapes a text for use between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** @param label HTML @returns the label alone if the URL has another scheme than http, https and mailto */
export function link(href: string, label: string): string {
  const url = safeUrl(href);
  return url === undefined ? label : `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${label}</a>`;
}

/** A link to the copy of a file, or else to the file. @param label HTML */
export function linkToFile(href: string, label: string, copies: HtmlOptions['copies']): string {
  const copy = copies?.get(href);
  return copy === undefined ? link(href, label) : `<a href="${escapeHtml(copy)}">${label}</a>`;
}

/** @param data a `data:` URL */
export const image = (data: string, alt: string): string =>
  `<img src="${escapeHtml(data)}" alt="${escapeHtml(alt)}" loading="lazy">`;

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

function safeUrl(href: string): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

const blocks = (all: readonly Block[], context: Context): string => all.map((each) => block(each, context)).join('');

function block(block: Block, context: Context): string {
  switch (block.type) {
    case 'heading':
      return element(`h${Math.min(6, block.depth + pageDepth)}`, inline(block.source, context));
    case 'paragraph':
      return paragraph(block, context);
    case 'code':
      return code(block, context);
    case 'quote':
      return element('blockquote', `\n${blocks(block.blocks, context)}`);
    case 'list':
      return list(block, context);
    case 'table':
      return table(block, context);
    case 'rule':
      return '<hr>\n';
    case 'verbatim':
      return element('p', lines(block.text.trim()));
  }
}

/** The page itself uses h1 and h2. */
const pageDepth = 2;

const element = (name: string, content: string) => `<${name}>${content}</${name}>\n`;

function code({text, info}: CodeBlock, {highlighter}: Context): string {
  const [language = ''] = info.split(/\s/, 1);
  return `<pre${language === '' ? '' : ` data-language="${escapeHtml(language)}"`}><code>${coloredHtml(text, highlighter?.start(info), escapeHtml)}</code></pre>\n`;
}

function list({items, isNumbered, sign}: List, context: Context): string {
  const start = Number(items[0]?.number);
  const content = items.map((each, index) => {
    const value = isNumbered && Number(each.number) !== start + index ? ` value="${Number(each.number)}"` : '';
    return `<li${value}>${item(each, context).trimEnd()}</li>\n`;
  });
  if (!isNumbered) return `<ul${sign === '+' ? ' class="plus"' : ''}>\n${content.join('')}</ul>\n`;
  const numbered = `<ol${start === 1 ? '' : ` start="${start}"`}>\n${content.join('')}</ol>\n`;
  return sign === ')' ? `<div class="bracket">\n${numbered}</div>\n` : numbered;
}

function item({blocks: [first, ...rest], isDone}: Item, context: Context): string {
  if (!first) return '';
  const box = isDone === undefined ? '' : isDone ? '☑ ' : '☐ ';
  return (first.type === 'paragraph' ? paragraph(first, context, box) : block(first, context)) + blocks(rest, context);
}

function paragraph({source, isTight}: Paragraph, context: Context, box = ''): string {
  const content = box + inline(source, context);
  return isTight ? content : element('p', content);
}

function table({header, rows, align}: Table, context: Context): string {
  const cells = (name: string, row: readonly string[]) =>
    row.map((source, column) => {
      const side = align[column];
      return `<${name}${side ? ` class="${side}"` : ''}>${inline(source, context, {isCell: true})}</${name}>`;
    });
  const body = rows.map((row) => element('tr', cells('td', row).join(''))).join('');
  return `<div class="table"><table>\n${element('tr', cells('th', header).join(''))}${body}</table></div>\n`;
}

interface Place {
  /** Whether this is in a table, where only `<br>` can break a line. */
  isCell?: boolean;
  /** Whether this is in a link, where no other link is allowed. */
  isLinked?: boolean;
  images?: HtmlOptions['images'];
  copies?: HtmlOptions['copies'];
}

function inline(source: string, context: Context, place: Place = {}): string {
  const {images, copies} = context;
  return spans(parseInline(source, context), {...place, images, copies});
}

const spans = (inlines: readonly Inline[], place: Place): string => inlines.map((each) => span(each, place)).join('');

function span(inline: Inline, place: Place): string {
  switch (inline.type) {
    case 'strong':
    case 'emphasis':
    case 'strikethrough': {
      const tag = tags[inline.type];
      return `<${tag}>${spans(inline.children, place)}</${tag}>`;
    }
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'break':
      return '<br>\n';
    case 'link': {
      const label = spans(inline.children, {...place, isLinked: true}) || escapeHtml(inline.href);
      return place.isLinked ? label : link(inline.href, label);
    }
    case 'image': {
      const data = place.images?.get(inline.href);
      if (data !== undefined) return image(data, inline.alt);
      const label = lines(inline.alt) || 'image';
      return place.isLinked ? label : linkToFile(inline.href, label, place.copies);
    }
    case 'html':
      return place.isCell && isLineBreak(inline.text) ? '<br>\n' : lines(inline.text);
    case 'formula':
    case 'text':
      return lines(inline.text);
  }
}

const tags = {strong: 'strong', emphasis: 'em', strikethrough: 'del'};

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>\n');
