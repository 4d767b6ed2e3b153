import type {ChatTerminal} from '../chat-deps.js';

/** Lines that move everything on the screen to the scrollback. */
export const screenful = ({rows}: ChatTerminal['stdout']): string => '\n'.repeat(rows || 24);
