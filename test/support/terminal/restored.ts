import {expect} from 'vitest';

/** Sequences that must never be written: clearing the screen or the scrollback, the alternate screen. */
const forbidden = /\u001b\[[23]J|\u001b\[\?1049h|\u001bc/;

/** Checks that paste mode and wrapping are reset and the cursor is visible. */
export function expectRestored(bytes: string): void {
  expect(bytes).toContain('\u001b[?2004h');
  expect(bytes.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?2004h'));
  expect(bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?25l'));
  expect(bytes.lastIndexOf('\u001b[?7h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?7l'));
  expect(bytes).not.toMatch(forbidden);
}
