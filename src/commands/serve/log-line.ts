import type {ServedRequest} from '../../serve/activity.js';

/** What `-v` adds to the line. */
export const servedSizes = ({received, sent, points}: ServedRequest): string =>
  `${received} bytes received, ${sent} bytes sent${points === null ? '' : `, about ${points} points`}`;

/** The line in the log of a request. It has nothing of what was asked or answered. */
export function servedLine({method, path, client, bot, status, isCut, ms}: ServedRequest): string {
  const time = new Date().toTimeString().slice(0, 8);
  const outcome = isCut ? `${status ?? ''} (cut off)`.trim() : String(status);
  const what = [client ?? '(no token)', method.slice(0, 10), path ?? '(unknown path)', bot?.slice(0, 60)];
  return [time, ...what.filter(Boolean), outcome, `${Math.round(ms)} ms`].join(' ');
}
