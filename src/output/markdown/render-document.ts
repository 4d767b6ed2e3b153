import type {MarkdownOptions} from './block-renderer.js';
import {unformatted, unformattedNote} from './unformatted.js';

interface DocumentOptions extends MarkdownOptions {
  /** Told once if the text could not be formatted. */
  note?: (text: string) => void;
}

/** Renders a complete Markdown text. The parser and the colors of its code are loaded first. */
export async function renderDocument(markdown: string, {note, ...options}: DocumentOptions): Promise<string> {
  try {
    const [{renderMarkdown}, {Highlighter}] = await Promise.all([
      import('./render-markdown.js'),
      import('./highlighter.js'),
    ]);
    const highlighter = options.highlighter ?? (options.color ? new Highlighter() : undefined);
    await highlighter?.load(markdown);
    return renderMarkdown(markdown, {...options, highlighter});
  } catch {
    note?.(unformattedNote);
    return unformatted(markdown);
  }
}
