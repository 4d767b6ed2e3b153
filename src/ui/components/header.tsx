import {Rows} from './rows.js';

/** The opening lines, until they are complete and move to the scrollback. */
export const Header = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
