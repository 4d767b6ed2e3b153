import {constants} from 'node:fs';

/** Opening a pipe without a writer would block forever and keep the process from ending. Windows has no such flag. */
// oxlint-disable-next-line no-unnecessary-condition
export const nonBlocking = constants.O_NONBLOCK ?? 0;
