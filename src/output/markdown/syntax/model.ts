/** A part of a Markdown text. Texts are as the bot wrote them: not sanitized, inline elements not parsed. */
export type Block = BlockContent & {lines: Lines};

export type BlockContent = Heading | Paragraph | CodeBlock | Quote | List | Table | Rule | Verbatim;

/** Line numbers in the source, from 0. `end` is the first line after the block. */
export interface Lines {
  start: number;
  end: number;
}

export interface Heading {
  type: 'heading';
  depth: number;
  source: string;
}

export interface Paragraph {
  type: 'paragraph';
  source: string;
  /** Whether it is in a list without blank lines. */
  isTight: boolean;
}

export interface CodeBlock {
  type: 'code';
  /** Without the last line break. */
  text: string;
  /** The text after the fence. */
  info: string;
  /** Undefined for indented code. */
  fence: Fence | undefined;
}

export interface Fence {
  /** The backticks or tildes. */
  marks: string;
  isClosed: boolean;
}

export interface Quote {
  type: 'quote';
  blocks: Block[];
}

export interface List {
  type: 'list';
  isNumbered: boolean;
  /** The bullet, or what follows a number. */
  sign: '-' | '*' | '+' | '.' | ')';
  /** Whether blank lines separate the items. */
  isLoose: boolean;
  /** Whether the items are counted, because all have the same number. */
  isCounted: boolean;
  items: Item[];
}

export interface Item {
  /** Where it starts: a line number in the source, from 0. */
  line: number;
  /** As it was written, and counted where all numbers of a list are the same; '' for bullets. */
  number: string;
  blocks: Block[];
  /** The state of a task; undefined if the item is none. */
  isDone: boolean | undefined;
}

export interface Table {
  type: 'table';
  /** The sources of the cells. */
  header: string[];
  rows: string[][];
  align: ('left' | 'right' | 'center' | null)[];
}

export interface Rule {
  type: 'rule';
}

/** Text that is shown as it is: HTML, a formula, or what the parser's limits leave unparsed. */
export interface Verbatim {
  type: 'verbatim';
  text: string;
  isFormula?: boolean;
  /** Whether this is a formula whose end may still arrive. */
  isOpen?: boolean;
}

/** A part of the text of a paragraph, a heading or a cell. Entities and escapes are replaced by what they mean. */
export type Inline =
  | {type: 'text'; text: string}
  | {type: 'html'; text: string}
  /** TeX, with the marks around it. */
  | {type: 'formula'; text: string}
  | {type: 'code'; text: string; marks: string}
  | {type: 'break'}
  | {type: 'strong' | 'emphasis' | 'strikethrough'; children: Inline[]}
  | {type: 'link'; href: string; children: Inline[]}
  | {type: 'image'; href: string; alt: string};

/** Whether an HTML tag is `<br>`. */
export const isLineBreak = (tag: string): boolean => /^<br *\/?>$/i.test(tag);
