import {Chalk, type ChalkInstance} from 'chalk';
import type {Tokens} from 'marked';
import {sanitize, sanitizeLine} from '../terminal/sanitize.js';
import type {Code} from './highlight.js';
import type {Highlighter} from './highlighter.js';
import {renderInline} from './inline.js';
import {isKnown, type MarkedToken, parse, type Token} from './parse-markdown.js';
import {renderTable} from './table.js';

/** How a terminal wants its text. */
export interface Look {
  color: boolean;
  /** Columns. Only tables and rules heed them: the terminal itself breaks long lines. */
  width: number;
  /** Colours code, where it has been loaded for it. */
  highlighter?: Highlighter | undefined;
}

/**
 * Markdown for a terminal, cleaned. Text and code stand at the left edge, unbroken: what is selected with the mouse is what
 * the bot wrote. Links and images are followed by their address, HTML tags are shown as they are. Blocks have one empty line
 * between them, so that two texts cut at `finishedLength` and joined by an empty line look like the whole.
 * @param code how the code goes on that the text begins within
 * @returns lines, each whole in its styles and with its newline, the last one not empty; '' where nothing is to be seen
 */
export function renderMarkdown(markdown: string, look: Look, code?: Code): string {
  const safe = sanitize(markdown);
  try {
    const lines = new Page(look, code).render(parse(safe)).map(({text}) => text);
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  } catch (error) {
    // Thousands of nested quotes or lists exhaust the stack; such a text is shown as it was written.
    if (error instanceof RangeError) return `${safe.trimEnd()}\n`;
    throw error;
  }
}

interface Line {
  text: string;
  /** Code, which stays at the left edge even in a list. */
  isCode?: boolean;
}

class Page {
  readonly #width: number;
  readonly #paint: ChalkInstance;
  readonly #highlighter: Highlighter | undefined;
  /** The code that the text begins within. */
  #begun: Code | undefined;

  constructor({color, width, highlighter}: Look, code: Code | undefined) {
    this.#width = width;
    this.#paint = new Chalk({level: color ? 1 : 0});
    this.#highlighter = highlighter;
    this.#begun = code;
  }

  render(tokens: readonly Token[]): Line[] {
    return this.#blocks(tokens, true);
  }

  #blocks(tokens: readonly Token[], isLoose: boolean): Line[] {
    return joined(
      tokens.filter(isKnown).map((token) => trimmed(this.#block(token))),
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

  /** Without colour the name of the language would look like code, and is left out. */
  #code({lang, text}: Tokens.Code): Line[] {
    const name = this.#paint.level > 0 ? sanitizeLine(lang ?? '').trim() : '';
    const label = name === '' ? [] : [this.#paint.dim(name)];
    return [...label, ...this.#colored(text.split('\n'), name)].map((line) => ({text: line, isCode: true}));
  }

  #colored(lines: string[], language: string): string[] {
    const code = this.#begun ?? this.#highlighter?.start(language);
    this.#begun = undefined;
    return code ? code.read(lines, this.#paint).lines : lines;
  }

  #quote({tokens}: Tokens.Blockquote): Line[] {
    return this.#blocks(tokens, true).map(({text}) => ({text: this.#paint.dim('> ') + text}));
  }

  #list({items, ordered, start, loose}: Tokens.List): Line[] {
    const first = start === '' ? 1 : start;
    return joined(
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

/** Blocks, or the items of a list, one below the other; where they are tight only code has an empty line around it. */
function joined(parts: readonly (readonly Line[])[], isLoose: boolean): Line[] {
  const lines: Line[] = [];
  for (const part of parts.filter(({length}) => length > 0)) {
    const isParted = isLoose || part[0]?.isCode || lines.at(-1)?.isCode;
    if (lines.length > 0 && isParted) lines.push({text: ''});
    for (const line of part) lines.push(line);
  }
  return lines;
}

/** Without the blank lines at the end. */
const trimmed = (lines: Line[]): Line[] => lines.slice(0, lines.findLastIndex(({text}) => text.trim() !== '') + 1);
