import type {Tokens} from 'marked';
import {isKnown, type MarkedToken, parse, type Token} from '../markdown/parse-markdown.js';

/**
 * Markdown as safe HTML: all tags and attributes come from this module, everything else is escaped. Links have http, https
 * and mailto URLs. Images become links, and HTML tags are shown as text.
 */
export function toHtml(markdown: string): string {
  try {
    return blocks(parse(markdown));
  } catch (error) {
    // Thousands of nested quotes or lists exhaust the stack. Such a text is shown unformatted.
    if (error instanceof RangeError) return `<pre><code>${escapeHtml(markdown)}</code></pre>\n`;
    throw error;
  }
}

/** Escapes a text for use between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** @param label HTML @returns the label alone if the URL has another scheme than http, https and mailto */
export function link(href: string, label: string): string {
  const url = safeUrl(href);
  return url === undefined ? label : `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${label}</a>`;
}

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

function safeUrl(href: string): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined;
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
      return checkbox(token);
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

/** The page itself uses h1 and h2. */
const pageDepth = 2;

const element = (name: string, content: string) => `<${name}>${content}</${name}>\n`;

function code({text, lang}: Tokens.Code): string {
  const [language = ''] = (lang ?? '').split(/\s/);
  return `<pre${language === '' ? '' : ` data-language="${escapeHtml(language)}"`}><code>${escapeHtml(text)}</code></pre>\n`;
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

const checkbox = ({checked}: Tokens.Checkbox) => (checked ? '☑ ' : '☐ ');

/** @param isLinked whether this is inside a link, where no other link is allowed */
const inline = (tokens: readonly Token[], isLinked = false): string =>
  tokens.map((token) => (isKnown(token) ? span(token, isLinked) : '')).join('');

function span(token: MarkedToken, isLinked: boolean): string {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return `<${token.type}>${inline(token.tokens, isLinked)}</${token.type}>`;
    case 'codespan':
      return `<code>${escapeHtml(token.text)}</code>`;
    case 'br':
      return '<br>\n';
    case 'link': {
      const label = inline(token.tokens, true) || escapeHtml(token.href);
      return isLinked ? label : link(withoutEntities(token.href), label);
    }
    case 'image': {
      const label = lines(token.text) || 'image';
      return isLinked ? label : link(withoutEntities(token.href), label);
    }
    case 'text':
      return token.tokens ? inline(token.tokens, isLinked) : lines(token.text);
    case 'escape':
      return escapeHtml(token.text);
    case 'checkbox':
      return checkbox(token);
    default:
      return lines(token.raw);
  }
}

/** The parser leaves named entities such as `&copy;`, which the browser replaces by one character, never by a tag. */
const lines = (text: string): string =>
  escapeHtml(text)
    .replaceAll(/&amp;(?=[a-z][a-z0-9]*;)/gi, '&')
    .replaceAll('\n', '<br>\n');

const withoutEntities = (url: string): string => url.replaceAll('&amp;', '&');
