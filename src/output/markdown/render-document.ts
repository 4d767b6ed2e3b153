import type {Look} from './render-markdown.js';

/** A Markdown text that is there as a whole. What it takes, colours for its code too, is loaded first. */
export async function renderDocument(markdown: string, look: Look): Promise<string> {
  const [{renderMarkdown}, {Highlighter}] = await Promise.all([
    import('./render-markdown.js'),
    import('./highlighter.js'),
  ]);
  const highlighter = look.color ? new Highlighter() : undefined;
  await highlighter?.load(markdown);
  return renderMarkdown(markdown, {...look, highlighter});
}
