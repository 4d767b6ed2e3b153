import {useCursor} from 'ink';
import type {Caret} from '../screen/layout.js';
import {Rows} from './rows.js';

interface ComposerProps {
  rows: readonly string[];
  caret: Caret;
}

/** The prompt between its rules. The terminal's cursor is at the caret, so that input methods appear there. */
export function Composer({rows, caret}: ComposerProps) {
  const {setCursorPosition} = useCursor();
  setCursorPosition(caret);
  return <Rows rows={rows} />;
}
