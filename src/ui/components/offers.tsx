import {Rows} from './rows.js';

/** The suggested replies. */
export const Offers = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
