import type {ChalkInstance} from 'chalk';
import {hostNote, withoutContent} from '../format/url.js';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import {type Inline, isLineBreak} from './syntax/model.js';
import {texToText} from './tex/tex-to-text.js';

interface InlineOptions {
  paint: ChalkInstance;
  /** Whether the terminal can strike out text. If not, it keeps its tildes. */
  canStrike: boolean;
  /** Whether these are in a table, where only `<br>` can break a line. */
  isCell?: boolean;
}

/**
 * Renders the inline elements of a paragraph, a heading or a cell. Every text is sanitized again, because `&#27;` means an
 * escape character. Without colors, code and deleted text keep their markers, which carry meaning.
 */
export function renderInline(inlines: readonly Inline[], options: InlineOptions): string {
  return inlines.map((inline) => span(inline, options)).join('');
}

function span(inline: Inline, options: InlineOptions): string {
  const {paint, canStrike} = options;
  switch (inline.type) {
    case 'strong':
      return paint.bold(renderInline(inline.children, options));
    case 'emphasis':
      return paint.italic(renderInline(inline.children, options));
    case 'strikethrough': {
      const text = renderInline(inline.children, options);
      return paint.level > 0 && canStrike ? paint.strikethrough(text) : `~~${text}~~`;
    }
    case 'code':
      return code(inline.text, inline.marks, paint);
    case 'break':
      return '\n';
    case 'link':
      return withUrl(renderInline(inline.children, options), plainText(inline.children), inline.href, paint);
    case 'image':
      return withUrl(sanitizeLine(inline.alt) || 'image', inline.alt, inline.href, paint);
    case 'html':
      return options.isCell && isLineBreak(inline.text) ? '\n' : sanitize(inline.text);
    case 'formula':
      return sanitize(texToText(inline.text)?.replaceAll('\n', ' ') ?? inline.text);
    case 'text':
      return sanitize(inline.text);
  }
}

function code(text: string, marks: string, paint: ChalkInstance): string {
  if (paint.level > 0) return paint.cyan(sanitize(text));
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return marks + space + sanitize(text) + space + marks;
}

const plainText = (inlines: readonly Inline[]): string =>
  inlines
    .map((inline) => ('children' in inline ? plainText(inline.children) : 'text' in inline ? inline.text : ''))
    .join('');

/** The URL of a link is always visible, so that its text cannot pretend to lead elsewhere. */
function withUrl(shown: string, text: string, href: string, paint: ChalkInstance): string {
  const url = sanitizeLine(withoutContent(href));
  if (url === '') return shown;
  const host = hostNote(href);
  if (`mailto:${text}` === url) return paint.underline(sanitizeLine(text));
  if (shown === '' || text === url) return paint.underline(url) + host;
  return `${shown} (${paint.underline(url)}${host})`;
}
