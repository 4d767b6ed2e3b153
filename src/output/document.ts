import {Highlighter} from './highlighter.js';
import {type Look, renderMarkdown} from './markdown.js';

/** A Markdown text that is there as a whole, with what colours its code loaded first. */
export async function renderDocument(markdown: string, look: Look): Promise<string> {
  const highlighter = look.color ? new Highlighter() : undefined;
  await highlighter?.load(markdown);
  return renderMarkdown(markdown, {...look, highlighter});
}
