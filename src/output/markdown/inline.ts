import type {ChalkInstance} from 'chalk';
import {hostNote} from '../format/url.js';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import {isKnown, type MarkedToken, type Token} from './parse-markdown.js';

/**
 * Renders the inline elements of a paragraph, a heading or a cell. Every text is sanitized again, because the parser turns
 * `&#27;` into an escape character. Without colours, code and strikethrough keep their markers, which carry meaning.
 */
export function renderInline(tokens: readonly Token[], paint: ChalkInstance): string {
  return tokens.map((token) => (isKnown(token) ? span(token, paint) : '')).join('');
}

function span(token: MarkedToken, paint: ChalkInstance): string {
  switch (token.type) {
    case 'strong':
      return paint.bold(renderInline(token.tokens, paint));
    case 'em':
      return paint.italic(renderInline(token.tokens, paint));
    case 'del':
      return paint.level > 0
        ? paint.strikethrough(renderInline(token.tokens, paint))
        : `~~${renderInline(token.tokens, paint)}~~`;
    case 'codespan':
      return paint.level > 0 ? paint.cyan(sanitize(token.text)) : token.raw;
    case 'br':
      return '\n';
    case 'link':
      return withUrl(renderInline(token.tokens, paint), token.text, token.href, paint);
    case 'image':
      return withUrl(sanitizeLine(token.text) || 'image', token.text, token.href, paint);
    case 'text':
      return token.tokens ? renderInline(token.tokens, paint) : withoutEntities(sanitize(token.text));
    case 'escape':
      return sanitize(token.text);
    case 'checkbox':
      return '';
    default:
      return sanitize(token.raw);
  }
}

const entities: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0'};

/** The parser does not replace named entities. */
const withoutEntities = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (all, name: string) => entities[name] ?? all);

/** The URL of a link is always visible, so that its text cannot pretend to lead elsewhere. */
function withUrl(shown: string, text: string, href: string, paint: ChalkInstance): string {
  const url = sanitizeLine(href);
  if (url === '') return shown;
  const host = hostNote(href);
  if (`mailto:${text}` === url) return paint.underline(sanitizeLine(text));
  if (shown === '' || text === url || `http://${text}` === url) return paint.underline(url) + host;
  return `${shown} (${paint.underline(url)}${host})`;
}
