import type {MarkdownOptions} from './block-renderer.js';

/** Renders a complete Markdown text. The parser and the colours of its code are loaded first. */
export async function renderDocument(
  markdown: string,
  options: Pick<MarkdownOptions, 'color' | 'width'>,
): Promise<string> {
  const [{renderMarkdown}, {Highlighter}] = await Promise.all([
    import('./render-markdown.js'),
    import('./highlighter.js'),
  ]);
  const highlighter = options.color ? new Highlighter() : undefined;
  await highlighter?.load(markdown);
  return renderMarkdown(markdown, {...options, highlighter});
}
