import {Rows} from './rows.js';

/** What just happened, or the question to answer. */
export const Notice = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
