import type {MarkdownOptions} from './block-renderer.js';
import type {References} from './syntax/context.js';
import {unformatted, unformattedNote} from './unformatted.js';

/** A part of a document. What is unfinished in it, such as a code block, ends with it. */
export interface MarkdownPart {
  markdown: string;
  /** A text that is not Markdown, to show instead on a terminal. */
  plainText?: string;
  /** What `![picture][name]` refers to in this part. */
  references?: References;
  /** Whether poe itself wrote the part: it then contains no formulas. */
  isOwn?: boolean;
}

interface DocumentOptions extends MarkdownOptions {
  /** Told once if a part could not be formatted. */
  note?: (text: string) => void;
}

/** Renders a complete document. The parser and the colors of its code are loaded first. */
export async function renderDocument(
  document: string | readonly MarkdownPart[],
  {note, ...options}: DocumentOptions,
): Promise<string> {
  const parts = typeof document === 'string' ? [{markdown: document}] : document;
  let hasFailed = false;
  const rendered: string[] = [];
  for (const part of parts) {
    const text = part.plainText ?? part.markdown;
    try {
      rendered.push(part.plainText === undefined ? await render(part, options) : unformatted(text));
    } catch {
      hasFailed = true;
      rendered.push(unformatted(text));
    }
  }
  if (hasFailed) note?.(unformattedNote);
  return rendered.filter((lines) => lines !== '').join('\n');
}

async function render({markdown, references, isOwn = false}: MarkdownPart, options: MarkdownOptions): Promise<string> {
  const [{renderMarkdown}, {Highlighter}] = await Promise.all([
    import('./render-markdown.js'),
    import('./highlighter.js'),
  ]);
  const highlighter = options.highlighter ?? (options.color ? new Highlighter() : undefined);
  await highlighter?.load(markdown);
  return renderMarkdown(markdown, {...options, highlighter, references, hasFormulas: !isOwn});
}
