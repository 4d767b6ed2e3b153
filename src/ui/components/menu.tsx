import {Rows} from './rows.js';

/** The choices below the prompt. */
export const Menu = ({rows}: {rows: readonly string[]}) => <Rows rows={rows} />;
