import {Chalk, type ChalkInstance} from 'chalk';
import type {Tokens} from 'marked';
import {clean} from './clean.js';
import {type MarkedToken, parse, type Token} from './lexer.js';
import {renderTable} from './table.js';

/** How a terminal wants its text. */
export interface Look {
  color: boolean;
  /** Columns. */
  width: number;
}

/**
 * Markdown as a terminal shows it, cleaned. Lines are not broken and have no gutter: what is selected is what was written.
 * Links are followed by their address. Without colour there are no escape codes at all.
 * @returns lines, each with its newline; '' for an empty text
 */
export function renderMarkdown(markdown: string, look: Look): string {
  const page = new Page(look);
  const blocks = page.blocks(parse(clean(markdown)));
  return blocks === '' ? '' : `${blocks}\n`;
}

class Page {
  readonly #look: Look;
  readonly #paint: ChalkInstance;

  constructor(look: Look) {
    this.#look = look;
    this.#paint = new Chalk({level: look.color ? 1 : 0});
  }

  /** Blocks with an empty line between. */
  blocks(tokens: readonly Token[], between = '\n\n'): string {
    return tokens
      .map((token) => this.#block(token))
      .filter((block) => block !== undefined)
      .join(between);
  }

  /** @returns undefined for what is not seen */
  #block(token: Token): string | undefined {
    // The lexer's own tokens are told apart by their type; the union has one open member for extensions, which are not used.
    const known = token as MarkedToken;
    switch (known.type) {
      case 'space':
        return undefined;
      case 'heading':
        return this.#heading(known);
      case 'code':
        return this.#eachLine(known.text, this.#paint.cyan);
      case 'blockquote':
        return prefixed(this.blocks(known.tokens), this.#paint.dim('> '));
      case 'list':
        return this.#list(known);
      case 'table':
        return this.#table(known);
      case 'hr':
        return this.#paint.dim('─'.repeat(Math.min(this.#look.width, 40)));
      case 'paragraph':
      case 'text':
        return this.#inline(known.tokens ?? [known]);
      default:
        return token.raw.trimEnd();
    }
  }

  #heading({depth, tokens}: Tokens.Heading): string {
    const title = this.#inline(tokens);
    if (!this.#look.color) return `${'#'.repeat(depth)} ${title}`;
    return depth === 1 ? this.#paint.bold.underline(title) : this.#paint.bold(title);
  }

  #list({items, ordered, start, loose}: Tokens.List): string {
    return items
      .map((item, index) => {
        const marker = ordered ? `${(start || 1) + index}. ` : '- ';
        const task = item.task ? `[${item.checked ? 'x' : ' '}] ` : '';
        const content = this.blocks(
          item.tokens.filter(({type}) => type !== 'checkbox'),
          loose ? '\n\n' : '\n',
        );
        return `${marker}${task}${indented(content, marker.length)}`;
      })
      .join(loose ? '\n\n' : '\n');
  }

  #table({header, rows, align}: Tokens.Table): string {
    const cells = (row: readonly Tokens.TableCell[]) => row.map(({tokens}) => this.#inline(tokens));
    return renderTable({
      header: cells(header).map((cell) => this.#paint.bold(cell)),
      rows: rows.map(cells),
      align,
      width: this.#look.width,
      dim: this.#paint.dim,
    });
  }

  #inline(tokens: readonly Token[]): string {
    return tokens.map((token) => this.#span(token)).join('');
  }

  #span(token: Token): string {
    // As above.
    const known = token as MarkedToken;
    switch (known.type) {
      case 'strong':
        return this.#paint.bold(this.#inline(known.tokens));
      case 'em':
        return this.#paint.italic(this.#inline(known.tokens));
      case 'del':
        return this.#look.color ? this.#paint.strikethrough(this.#inline(known.tokens)) : known.raw;
      case 'codespan':
        return this.#look.color ? this.#paint.cyan(known.text) : known.raw;
      case 'br':
        return '\n';
      case 'escape':
        return known.text;
      case 'link':
        return this.#link(this.#inline(known.tokens), known.href);
      case 'image':
        return this.#link(known.text, known.href);
      case 'text':
        return known.tokens ? this.#inline(known.tokens) : plain(known.text);
      default:
        return token.raw;
    }
  }

  /** The address is always seen, so that a text cannot pretend to another one. */
  #link(text: string, address: string): string {
    const bare = address.replace(/^mailto:/, '');
    if (text === '' || text === address || text === bare) return this.#paint.underline(bare);
    return `${text} ${this.#paint.dim(`(${address})`)}`;
  }

  /** Styles each line by itself, so that a line is whole wherever it is cut. */
  #eachLine(text: string, style: ChalkInstance): string {
    return text
      .split('\n')
      .map((line) => (line === '' ? '' : style(line)))
      .join('\n');
  }
}

const prefixed = (text: string, prefix: string) =>
  text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');

/** All lines but the first, which a marker precedes. */
const indented = (text: string, by: number) => text.replaceAll(/\n(?=.)/g, `\n${' '.repeat(by)}`);

const entities: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', '#39': "'"};

/** The entities that bots write; others are shown as they are. */
const plain = (text: string) =>
  text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (all, name: string) => entities[name] ?? all);
