import {Rows} from './rows.js';

/** The unfinished end of the reply. */
export const Reply = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
