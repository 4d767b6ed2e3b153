import type {Code} from '../code/code.js';
import type {TableLayout} from '../table/layout.js';

/** The block in the middle of which a part of a text starts. */
export type OpenBlock = OpenCode | OpenTable | OpenList | OpenParagraph;

export interface OpenCode {
  type: 'code';
  /** The text after its fence. */
  info: string;
  /** The state of its colors; undefined if it has none. */
  code: Code | undefined;
}

export interface OpenTable {
  type: 'table';
  layout: TableLayout;
}

export interface OpenList {
  type: 'list';
  isLoose: boolean;
  /** The number of the first item, if they are counted; otherwise they have the numbers that the bot wrote. */
  first: number | undefined;
  /** Whether the items above end with code, below which there is an empty line. */
  endsWithCode: boolean;
}

export interface OpenParagraph {
  type: 'paragraph';
}
