import {Rows} from './rows.js';

/** What the bot does, while it does something. */
export const Progress = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
