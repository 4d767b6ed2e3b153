import {expect} from 'vitest';
import {renderMarkdown} from '../../src/output/markdown/render-markdown.js';
import {StreamingMarkdown} from '../../src/output/markdown/streaming/streaming-markdown.js';
import {toHtml} from '../../src/output/transcript/markdown-to-html.js';

/** Markdown on a terminal without colors. */
export const plain = (markdown: string, width = 80) =>
  renderMarkdown(markdown, {color: false, width}).replace(/\n$/, '');

/** Bold, italic, struck out, underlined and code, for the eye: `<1 bold>`. */
export const styled = (markdown: string) =>
  renderMarkdown(markdown, {color: true, width: 80})
    .replaceAll(/\u001b\[([13469]|36)m/g, '<$1 ')
    .replaceAll(/\u001b\[\d+m/g, '>')
    .replace(/\n$/, '');

/** Markdown in an exported page. */
export const page = (markdown: string) => toHtml(markdown).replace(/^<p>(.*)<\/p>\n$/s, '$1');

/** The lines of a reply that arrives character by character. */
function streamed(markdown: string): string {
  const streaming = new StreamingMarkdown(() => ({color: false, width: 80}));
  let committed = '';
  for (let end = 1; end <= markdown.length; end += 1)
    committed += streaming.update(markdown.slice(0, end), {isReplaced: false}).committed;
  return (committed + streaming.finish(markdown, {isReplaced: false})).replace(/\n$/, '');
}

const withoutTags = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** Expects a text to be shown as it is, everywhere. */
export function expectUnchanged(text: string): void {
  expect(plain(text)).toBe(text);
  expect(styled(text).replaceAll(/<4 ([^>]*)>/g, '$1')).toBe(text);
  expect(streamed(text)).toBe(text);
  expect(withoutTags(page(text))).toBe(text);
}
