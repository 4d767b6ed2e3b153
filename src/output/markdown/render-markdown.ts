import {Chalk, type ChalkInstance} from 'chalk';
import type {Tokens} from 'marked';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import type {Code} from './highlight.js';
import type {Highlighter} from './highlighter.js';
import {renderInline} from './inline.js';
import {isKnown, type MarkedToken, parse, type Token} from './parse-markdown.js';
import {renderTable} from './table.js';

export interface MarkdownOptions {
  color: boolean;
  /** In columns. Applies only to tables and rules: the terminal itself breaks long lines. */
  width: number;
  /** Colours the code blocks of the languages that it has loaded. */
  highlighter?: Highlighter | undefined;
}

/**
 * Renders Markdown for a terminal, sanitized. Text and code start at the left edge and are not wrapped, so that a selection
 * with the mouse is what the bot wrote. Links and images are followed by their URL; HTML tags are shown as they are. Blocks
 * are separated by one empty line: two texts that are cut at `finishedLength` and joined by an empty line look like the whole.
 * @param code the state of the code block in which the text starts
 * @returns lines, each with complete styles and a newline, the last one not empty; '' if nothing is visible
 */
export function renderMarkdown(markdown: string, options: MarkdownOptions, code?: Code): string {
  const safe = sanitize(markdown);
  try {
    const lines = new Renderer(options, code).render(parse(safe)).map(({text}) => text);
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  } catch (error) {
    // Thousands of nested quotes or lists exhaust the stack. Such a text is shown unformatted.
    if (error instanceof RangeError) return `${safe.trimEnd()}\n`;
    throw error;
  }
}

interface Line {
  text: string;
  /** Code starts at the left edge even in a list. */
  isCode?: boolean;
}

class Renderer {
  readonly #width: number;
  readonly #paint: ChalkInstance;
  readonly #highlighter: Highlighter | undefined;
  /** The code block in which the text starts. */
  #openCode: Code | undefined;

  constructor({color, width, highlighter}: MarkdownOptions, code: Code | undefined) {
    this.#width = width;
    this.#paint = new Chalk({level: color ? 1 : 0});
    this.#highlighter = highlighter;
    this.#openCode = code;
  }

  render(tokens: readonly Token[]): Line[] {
    return this.#blocks(tokens, true);
  }

  #blocks(tokens: readonly Token[], isLoose: boolean): Line[] {
    return join(
      tokens.filter(isKnown).map((token) => trimEnd(this.#block(token))),
      isLoose,
    );
  }

  #block(token: MarkedToken): Line[] {
    switch (token.type) {
      case 'space':
      case 'checkbox':
        return [];
      case 'heading':
        return toLines(this.#heading(token));
      case 'code':
        return this.#code(token);
      case 'blockquote':
        return this.#quote(token);
      case 'list':
        return this.#list(token);
      case 'table':
        return this.#table(token);
      case 'hr':
        return toLines(this.#paint.dim('─'.repeat(Math.min(this.#width, 40))));
      case 'paragraph':
        return toLines(this.#inline(token.tokens));
      case 'text':
        return toLines(this.#inline([token]));
      default:
        return toLines(sanitize(token.raw));
    }
  }

  #heading({depth, tokens}: Tokens.Heading): string {
    const title = this.#inline(tokens);
    if (this.#paint.level === 0) return `${'#'.repeat(depth)} ${title}`;
    return depth === 1 ? this.#paint.bold.underline(title) : this.#paint.bold(title);
  }

  /** Without colours, the name of the language would look like code and is omitted. */
  #code({lang, text}: Tokens.Code): Line[] {
    const name = this.#paint.level > 0 ? sanitizeLine(lang ?? '').trim() : '';
    const label = name === '' ? [] : [this.#paint.dim(name)];
    return [...label, ...this.#colored(text.split('\n'), name)].map((line) => ({text: line, isCode: true}));
  }

  #colored(lines: string[], language: string): string[] {
    const code = this.#openCode ?? this.#highlighter?.start(language);
    this.#openCode = undefined;
    return code ? code.read(lines, this.#paint).lines : lines;
  }

  #quote({tokens}: Tokens.Blockquote): Line[] {
    return this.#blocks(tokens, true).map(({text}) => ({text: this.#paint.dim('> ') + text}));
  }

  #list({items, ordered, start, loose}: Tokens.List): Line[] {
    const first = start === '' ? 1 : start;
    return join(
      items.map((item, index) => this.#item(item, ordered ? `${first + index}. ` : '- ')),
      loose,
    );
  }

  #item({tokens, task, checked, loose}: Tokens.ListItem, bullet: string): Line[] {
    const marker = task ? `${bullet}[${checked ? 'x' : ' '}] ` : bullet;
    const [first, ...more] = this.#blocks(tokens, loose);
    if (!first) return [{text: marker.trimEnd()}];
    const indent = ' '.repeat(bullet.length);
    const rest = first.isCode ? [first, ...more] : more;
    return [
      {text: first.isCode ? marker.trimEnd() : marker + first.text},
      ...rest.map((line) => (line.isCode || line.text === '' ? line : {text: indent + line.text})),
    ];
  }

  #table({header, rows, align}: Tokens.Table): Line[] {
    const cell = ({tokens}: Tokens.TableCell) => this.#inline(tokens).replaceAll(/[\n\t]/g, ' ');
    const table = {
      header: header.map((name) => this.#paint.bold(cell(name))),
      rows: rows.map((row) => row.map(cell)),
      align,
    };
    return renderTable(table, this.#width).map((text) => ({text}));
  }

  #inline(tokens: readonly Token[]): string {
    return renderInline(tokens, this.#paint);
  }
}

const toLines = (text: string): Line[] => text.split('\n').map((line) => ({text: line}));

/** Joins blocks or list items. In a tight list, only code has empty lines around it. */
function join(parts: readonly (readonly Line[])[], isLoose: boolean): Line[] {
  const lines: Line[] = [];
  for (const part of parts.filter(({length}) => length > 0)) {
    const isSeparated = isLoose || part[0]?.isCode || lines.at(-1)?.isCode;
    if (lines.length > 0 && isSeparated) lines.push({text: ''});
    for (const line of part) lines.push(line);
  }
  return lines;
}

/** Removes blank lines at the end. */
const trimEnd = (lines: Line[]): Line[] => lines.slice(0, lines.findLastIndex(({text}) => text.trim() !== '') + 1);
