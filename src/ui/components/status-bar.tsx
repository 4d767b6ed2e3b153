import {Rows} from './rows.js';

/** The bot, the chat and the costs. */
export const StatusBar = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
