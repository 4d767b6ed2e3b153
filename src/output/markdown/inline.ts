import type {ChalkInstance} from 'chalk';
import {hostBehind} from '../format/url.js';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import {isKnown, type MarkedToken, type Token} from './parse-markdown.js';

/**
 * The inside of a paragraph, a heading or a cell. Every text is cleaned again: the parser turns `&#27;` into the character it
 * stands for. Without colour, code and what is struck out keep their signs, for without them they would say something else.
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
      return withAddress(renderInline(token.tokens, paint), token.text, token.href, paint);
    case 'image':
      return withAddress(sanitizeLine(token.text) || 'image', token.text, token.href, paint);
    case 'text':
      return token.tokens ? renderInline(token.tokens, paint) : named(sanitize(token.text));
    case 'escape':
      return sanitize(token.text);
    case 'checkbox':
      return '';
    default:
      return sanitize(token.raw);
  }
}

const characters: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0'};

/** The parser leaves the characters that have names. */
const named = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (all, name: string) => characters[name] ?? all);

/** The address is always seen, and where it leads, so that no text can pretend to another one. */
function withAddress(shown: string, text: string, href: string, paint: ChalkInstance): string {
  const address = sanitizeLine(href);
  if (address === '') return shown;
  const host = hostBehind(href);
  if (`mailto:${text}` === address) return paint.underline(sanitizeLine(text));
  if (shown === '' || text === address || `http://${text}` === address) return paint.underline(address) + host;
  return `${shown} (${paint.underline(address)}${host})`;
}
