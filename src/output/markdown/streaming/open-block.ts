import type {Code} from '../code/code.js';
import type {TableLayout} from '../table/layout.js';

/** The block in the middle of which a part of a text starts. */
export type OpenBlock = OpenCode | OpenTable;

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
