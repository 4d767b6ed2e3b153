import {Rows} from './rows.js';

/** The files to send with the next message. */
export const Attachments = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
