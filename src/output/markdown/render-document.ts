import {setImmediate} from 'node:timers/promises';
import {wrapStyled} from '../terminal/rows/wrap-styled.js';
import type {MarkdownOptions} from './block-renderer.js';
import type {References} from './syntax/context.js';
import {unformatted, unformattedNote} from './unformatted.js';
import {maxTextWidth} from './wrap.js';

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
  /** Called once if a part could not be formatted. */
  note?: (text: string) => void;
}

/** Renders a complete document. */
export async function renderDocument(
  document: string | readonly MarkdownPart[],
  options: DocumentOptions,
): Promise<string> {
  const parts: string[] = [];
  for await (const part of renderParts(document, options)) parts.push(part);
  return parts.join('');
}

/**
 * Renders the parts of a document one after another, with empty lines between them. The parser and the colors of its code are
 * loaded first. Between two parts, other work goes on: a signal is noticed.
 */
export async function* renderParts(
  document: string | readonly MarkdownPart[],
  {note, ...options}: DocumentOptions,
): AsyncGenerator<string, void, undefined> {
  let hasFailed = false;
  let gap = '';
  for (const part of typeof document === 'string' ? [{markdown: document}] : document) {
    const text = part.plainText ?? part.markdown;
    const lines = await render(part, options).catch(() => {
      hasFailed = true;
      return unformatted(text);
    });
    if (lines !== '') yield gap + lines;
    if (lines !== '') gap = '\n';
    await setImmediate();
  }
  if (hasFailed) note?.(unformattedNote);
}

async function render(part: MarkdownPart, options: MarkdownOptions): Promise<string> {
  const {markdown, plainText, references, isOwn = false} = part;
  if (plainText !== undefined) return wrapped(unformatted(plainText), options);
  const [{renderMarkdown}, {Highlighter}] = await Promise.all([
    import('./render-markdown.js'),
    import('./highlighter.js'),
  ]);
  const highlighter = options.highlighter ?? (options.color ? new Highlighter() : undefined);
  await highlighter?.load(markdown);
  return renderMarkdown(markdown, {...options, highlighter, references, hasFormulas: !isOwn});
}

function wrapped(text: string, {wrap, width}: MarkdownOptions): string {
  if (wrap === 'none') return text;
  return text
    .split('\n')
    .flatMap((line) => wrapStyled(line, Math.min(width, maxTextWidth)))
    .join('\n');
}
