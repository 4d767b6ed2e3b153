import {Chalk, type ChalkInstance} from 'chalk';
import {sanitizeLine} from '../terminal/sanitize.js';
import {isAscii} from '../terminal/rows/rows.js';
import {wrapStyled} from '../terminal/rows/wrap-styled.js';
import type {Code} from './code/code.js';
import {diagramType} from './diagram-type.js';
import type {Highlighter} from './highlighter.js';
import {renderInline} from './inline.js';
import type {OpenBlock, OpenCode, OpenList} from './streaming/open-block.js';
import type {ParseContext, References} from './syntax/context.js';
import type {Block, CodeBlock, Item, List, Table, Verbatim} from './syntax/model.js';
import {parseInline} from './syntax/parse-inline.js';
import {layOutTable, type TableLayout} from './table/layout.js';
import {drawTable} from './table/table.js';
import {texToText} from './tex/tex-to-text.js';
import {maxTextWidth, minTextWidth, type Wrap} from './wrap.js';

export interface MarkdownOptions {
  color: boolean;
  /** In columns. */
  width: number;
  /** Whether text is wrapped at words; otherwise the terminal breaks it. Default: `words`. Code is never wrapped. */
  wrap?: Wrap | undefined;
  /** Whether the terminal can strike out text. Default: true. */
  canStrike?: boolean;
  /** Colors the code blocks of the languages that it has loaded. */
  highlighter?: Highlighter | undefined;
  /** What `![picture][name]` refers to. */
  references?: References | undefined;
  /** Whether the text may contain formulas. Default: true. */
  hasFormulas?: boolean;
  /** Whether tables are drawn with lines between their cells, if the terminal is wide enough. Default: true. */
  hasBoxes?: boolean | undefined;
  /** The command that opens a diagram, which is written below it: `/open`. Default: nothing is written. */
  openCommand?: string | undefined;
}

/** Which part of a longer text is rendered. */
export interface PartOptions {
  /** The block in the middle of which it starts. */
  start?: OpenBlock | undefined;
  /** The number of diagrams in the text before it. */
  diagrams?: number;
  /** The block in the middle of which it ends. */
  end?: Block | undefined;
  /** Whether the part will be rendered again, with more text. */
  isPending?: boolean;
}

/** A rendered row. */
export interface Line {
  text: string;
  /** Code starts at the left edge even in a list or a quote. */
  isCode?: boolean;
  /** Whether it continues the text of the row above. */
  isContinued?: boolean | undefined;
}

/** Renders the blocks of one sanitized text. */
export class BlockRenderer {
  readonly #width: number;
  readonly #wrap: Wrap;
  readonly #hasBoxes: boolean;
  readonly #paint: ChalkInstance;
  readonly #canStrike: boolean;
  readonly #openCommand: string | undefined;
  readonly #highlighter: Highlighter | undefined;
  readonly #context: ParseContext;
  /** The block in which the text starts, until that is rendered. */
  #start: OpenBlock | undefined;
  readonly #end: Block | undefined;
  readonly #isPending: boolean;
  #layout: TableLayout | undefined;
  #code: OpenCode | undefined;
  #list: Pick<OpenList, 'isLoose' | 'first'> | undefined;
  #diagrams: number;

  constructor(
    options: MarkdownOptions,
    context: ParseContext,
    {start, diagrams = 0, end, isPending = false}: PartOptions = {},
  ) {
    const {color, width, wrap = 'words', hasBoxes = true, canStrike = true, highlighter} = options;
    this.#width = width;
    this.#wrap = wrap;
    this.#hasBoxes = hasBoxes;
    this.#paint = new Chalk({level: color ? 1 : 0});
    this.#canStrike = canStrike;
    this.#highlighter = highlighter;
    this.#context = context;
    this.#openCommand = options.openCommand;
    this.#diagrams = diagrams;
    this.#start = start;
    this.#end = end;
    this.#isPending = isPending;
  }

  /** The layout of the last table. */
  get layout(): TableLayout | undefined {
    return this.#layout;
  }

  /** The last code block, and the state of its colors at its end. */
  get code(): OpenCode | undefined {
    return this.#code;
  }

  /** How the last list continues. */
  get list(): Pick<OpenList, 'isLoose' | 'first'> | undefined {
    return this.#list;
  }

  /** The number of diagrams up to the end of the part. */
  get diagrams(): number {
    return this.#diagrams;
  }

  /** Blocks are separated by an empty line. */
  render(blocks: readonly Block[]): Line[] {
    return this.#blocks(blocks, {isLoose: true, width: this.#width});
  }

  /** Renders a line that is still arriving. If it looks like the item of a list or a quote, further rows are indented. */
  unfinished(line: string): Line[] {
    const [mark = ''] = /^\s*(?:(?:[-+*>]|\d{1,9}[.)])\s+)*/.exec(line) ?? [];
    const indent = ' '.repeat(mark.length);
    const [first, ...more] = this.#text(this.#inline(line.slice(mark.length)), this.#width - mark.length);
    return [{text: mark + (first?.text ?? '')}, ...more.map(({text}) => ({text: indent + text, isContinued: true}))];
  }

  #inline(source: string, {isCell = false}: {isCell?: boolean} = {}): string {
    const inlines = parseInline(source, this.#context);
    return renderInline(inlines, {paint: this.#paint, canStrike: this.#canStrike, isCell});
  }

  #blocks(blocks: readonly Block[], {isLoose, width}: Place): Line[] {
    return join(
      blocks.map((block) => trimEnd(this.#block(block, width))),
      isLoose,
    );
  }

  #block(block: Block, width: number): Line[] {
    switch (block.type) {
      case 'heading':
        return this.#text(this.#heading(block.depth, this.#inline(block.source)), width);
      case 'paragraph':
        return this.#text(this.#inline(block.source), width);
      case 'code':
        return this.#codeBlock(block);
      case 'quote':
        return this.#blocks(block.blocks, {isLoose: true, width: width - 2}).map((line) => this.#quoted(line));
      case 'list':
        return this.#listItems(block, width);
      case 'table':
        return this.#table(block, width);
      case 'rule':
        return toLines(this.#paint.dim('─'.repeat(Math.max(3, Math.min(width, 40)))));
      case 'verbatim':
        return this.#verbatim(block, width);
    }
  }

  #verbatim({text, isFormula = false}: Verbatim, width: number): Line[] {
    const formula = isFormula ? texToText(text) : undefined;
    return formula === undefined ? toLines(text) : this.#text(formula, width);
  }

  /** @param width of the terminal, without the indentation @param text on one or several lines */
  #text(text: string, width: number): Line[] {
    if (this.#wrap === 'none') return toLines(text);
    const columns = Math.max(minTextWidth, width - Math.max(0, this.#width - maxTextWidth));
    if (text.length <= columns && isAscii(text)) return [{text: text.trimEnd()}];
    return text
      .split('\n')
      .flatMap((line) => wrapStyled(line, columns).map((row, index) => ({text: row, isContinued: index > 0})));
  }

  #quoted(line: Line): Line {
    if (line.isCode) return line;
    if (line.isContinued) return indented(line, '  ');
    return {text: this.#paint.dim('>') + (line.text === '' ? '' : ` ${line.text}`)};
  }

  #heading(depth: number, title: string): string {
    if (this.#paint.level === 0 || title === '') return `${'#'.repeat(depth)} ${title}`.trimEnd();
    return depth === 1 ? this.#paint.bold.underline(title) : this.#paint.bold(title);
  }

  /** Without colors, the name of the language would look like code and is omitted. */
  #codeBlock({info, text, fence}: CodeBlock): Line[] {
    const start = this.#takeStart('code');
    const name = this.#paint.level > 0 ? sanitizeLine(info) : '';
    const label = name === '' ? [] : [this.#paint.dim(name)];
    const code = start ? start.code : this.#highlighter?.start(name);
    const colored = this.#colored(text.split('\n'), code);
    this.#code = {type: 'code', info: start?.info ?? info, code: colored.next};
    const lines = [...label, ...colored.lines].map((line) => ({text: line, isCode: true}));
    return fence?.isClosed && diagramType(start?.info ?? info) ? [...lines, ...this.#diagramNote()] : lines;
  }

  #diagramNote(): Line[] {
    this.#diagrams += 1;
    if (this.#openCommand === undefined) return [];
    const number = this.#diagrams > 1 ? ` ${this.#diagrams}` : '';
    return [{text: this.#paint.dim(`— ${this.#openCommand}${number} opens this diagram —`)}];
  }

  #colored(lines: string[], code: Code | undefined): {lines: string[]; next: Code | undefined} {
    const length = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const isColored = code && this.#context.limits.takeColors(length);
    return isColored ? code.read(lines, this.#paint) : {lines, next: undefined};
  }

  #listItems(list: List, width: number): Line[] {
    const {isLoose, first} = this.#takeStart('list') ?? {
      isLoose: list.isLoose,
      first: list.isCounted ? Number(list.items[0]?.number) : undefined,
    };
    const parts = list.items.map((item, index) => {
      const number = first === undefined ? item.number : String(first + index);
      return this.#item(item, `${number}${list.sign} `, {isLoose, width});
    });
    this.#list = {isLoose, first: first === undefined ? undefined : first + list.items.length};
    return join(parts, isLoose);
  }

  #item({blocks, isDone}: Item, bullet: string, {isLoose, width}: Place): Line[] {
    const marker = isDone === undefined ? bullet : `${bullet}[${isDone ? 'x' : ' '}] `;
    const [first, ...more] = this.#blocks(blocks, {isLoose, width: width - bullet.length});
    if (!first) return [{text: marker.trimEnd()}];
    const indent = ' '.repeat(bullet.length);
    const rest = first.isCode ? [first, ...more] : more;
    return [
      {text: first.isCode ? marker.trimEnd() : marker + first.text},
      ...rest.map((line) => (line.isCode || line.text === '' ? line : indented(line, indent))),
    ];
  }

  #table(block: Block & Table, width: number): Line[] {
    const start = this.#takeStart('table');
    const isOpen = block === this.#end;
    if (isOpen && this.#isPending && !start) return [this.growingTable(block.rows.length)];
    const options = {paint: this.#paint, width, wrap: this.#wrap, hasBoxes: this.#hasBoxes, isOpen};
    const table = {
      header: block.header.map((name) => this.#paint.bold(this.#cell(name))),
      rows: block.rows.map((row) => row.map((source) => this.#cell(source))),
      align: block.align,
    };
    this.#layout = start?.layout ?? layOutTable(table, options);
    return drawTable(table, this.#layout, {...options, isContinued: start !== undefined}).map((text) => ({text}));
  }

  /** What is shown of a table until the width of its columns is known. */
  growingTable(rows: number): Line {
    const count = rows === 0 ? '' : `, ${rows} ${rows === 1 ? 'row' : 'rows'}`;
    return {text: this.#paint.dim(`… table${count}`)};
  }

  #cell(source: string): string {
    return this.#inline(source, {isCell: true})
      .replaceAll('\t', ' ')
      .replaceAll(/ *\n */g, '\n');
  }

  /** @returns the block in which the text starts, if this is of that type and not yet rendered */
  #takeStart<T extends OpenBlock['type']>(type: T): Extract<OpenBlock, {type: T}> | undefined {
    const start = this.#start;
    if (start?.type !== type) return undefined;
    this.#start = undefined;
    // Its type was just compared.
    return start as Extract<OpenBlock, {type: T}>;
  }
}

interface Place {
  isLoose: boolean;
  width: number;
}

const toLines = (text: string): Line[] => text.split('\n').map((line) => ({text: line}));

const indented = ({text, isContinued}: Line, indent: string): Line => ({text: indent + text, isContinued});

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
