import type {Tokens} from 'marked';
import {isKnown, type MarkedToken, parse, type Token} from '../markdown/parse-markdown.js';

/**
 * Markdown as HTML that can do nothing: of tags and attributes there are only those that this module writes, all else is
 * text. Links lead to http, https and mailto addresses; images and HTML tags are not shown, but named or quoted.
 */
export function toHtml(markdown: string): string {
  try {
    return blocks(parse(markdown));
  } catch (error) {
    // Thousands of nested quotes or lists exhaust the stack; such a text is shown as it was written.
    if (error instanceof RangeError) return `<pre><code>${escaped(markdown)}</code></pre>\n`;
    throw error;
  }
}

/** A text that is no more than a text, between tags and in quoted attributes. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** A link if the address is one that a text may lead to, else the words alone. */
export function linked(address: string, words: string): string {
  const url = safeUrl(address);
  return url === undefined ? words : `<a href="${escaped(url)}" rel="noopener noreferrer nofollow">${words}</a>`;
}

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

function safeUrl(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

const blocks = (tokens: readonly Token[]): string =>
  tokens.map((token) => (isKnown(token) ? block(token) : '')).join('');

function block(token: MarkedToken): string {
  switch (token.type) {
    case 'space':
      return '';
    case 'heading':
      return element(`h${Math.min(6, token.depth + pageDepth)}`, inline(token.tokens));
    case 'code':
      return code(token);
    case 'blockquote':
      return element('blockquote', `\n${blocks(token.tokens)}`);
    case 'list':
      return list(token);
    case 'checkbox':
      return tick(token);
    case 'table':
      return table(token);
    case 'hr':
      return '<hr>\n';
    case 'paragraph':
      return element('p', inline(token.tokens));
    case 'text':
      return inline([token]);
    default:
      return element('p', lines(token.raw.trim()));
  }
}

/** How deep the headings of the page itself go. */
const pageDepth = 2;

const element = (name: string, content: string) => `<${name}>${content}</${name}>\n`;

function code({text, lang}: Tokens.Code): string {
  const [language = ''] = (lang ?? '').split(/\s/);
  return `<pre${language === '' ? '' : ` data-language="${escaped(language)}"`}><code>${escaped(text)}</code></pre>\n`;
}

function list({ordered, start, items}: Tokens.List): string {
  const content = items.map(({tokens}) => element('li', blocks(tokens).trimEnd())).join('');
  if (!ordered) return element('ul', `\n${content}`);
  return `<ol${start === '' || start === 1 ? '' : ` start="${start}"`}>\n${content}</ol>\n`;
}

function table({header, rows}: Tokens.Table): string {
  const cell = (name: string) => (each: Tokens.TableCell) =>
    `<${name}${each.align ? ` class="${each.align}"` : ''}>${inline(each.tokens)}</${name}>`;
  const body = rows.map((row) => element('tr', row.map(cell('td')).join(''))).join('');
  return `<div class="table"><table>\n${element('tr', header.map(cell('th')).join(''))}${body}</table></div>\n`;
}

const tick = ({checked}: Tokens.Checkbox) => (checked ? '☑ ' : '☐ ');

/** @param isLinked whether this is within a link, where there can be no other */
const inline = (tokens: readonly Token[], isLinked = false): string =>
  tokens.map((token) => (isKnown(token) ? span(token, isLinked) : '')).join('');

function span(token: MarkedToken, isLinked: boolean): string {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return `<${token.type}>${inline(token.tokens, isLinked)}</${token.type}>`;
    case 'codespan':
      return `<code>${escaped(token.text)}</code>`;
    case 'br':
      return '<br>\n';
    case 'link': {
      const words = inline(token.tokens, true) || escaped(token.href);
      return isLinked ? words : linked(withoutEntities(token.href), words);
    }
    case 'image': {
      const words = lines(token.text) || 'image';
      return isLinked ? words : linked(withoutEntities(token.href), words);
    }
    case 'text':
      return token.tokens ? inline(token.tokens, isLinked) : lines(token.text);
    case 'escape':
      return escaped(token.text);
    case 'checkbox':
      return tick(token);
    default:
      return lines(token.raw);
  }
}

/** The parser leaves the characters that have names, as `&copy;`; they stand for one character, never for a tag. */
const lines = (text: string): string =>
  escaped(text)
    .replaceAll(/&amp;(?=[a-z][a-z0-9]*;)/gi, '&')
    .replaceAll('\n', '<br>\n');

const withoutEntities = (address: string): string => address.replaceAll('&amp;', '&');
