import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

const [focusIn, focusOut] = ['\u001b[I', '\u001b[O'];
const ctrlD = '\u0004';
const bell = /\u0007/g;

/** Sends two messages: one without the focus, one with it. */
const asked = (options: string, env: Record<string, string> = {}) =>
  onTerminal(`node bin/poe.js chat -q -b Sandbox-Count ${options}`, {
    env,
    when: [
      [/\w · new chat/, ({type}) => type(`${focusOut}count to 3\r`)],
      [/> count to 3\n\n\S+\n1 2 3\n[^]*last: /, ({type}) => type(`${focusIn}count to 4\r`)],
      [/> count to 4\n\n\S+\n1 2 3 4\n[^]*1,823/, ({type}) => type(ctrlD)],
    ],
  });

test('with --notify the bell rings only for a reply that arrives while the terminal is not in focus', async () => {
  const {bytes, lines} = await asked('--notify');
  expect(bytes.match(bell)).toHaveLength(1);
  expect(bytes.indexOf('\u0007')).toBeLessThan(bytes.indexOf('count to 4'));
  expect(lines.join('\n')).not.toMatch(/\[I|\[O/);
  expect(bytes.lastIndexOf('\u001b[?1004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?1004h'));
  expect(bytes).toContain('\u001b[?1004h');
});

test('POE_NOTIFY does the same, with a notification if the terminal supports it', async () => {
  const {bytes} = await asked('', {POE_NOTIFY: '1', TERM_PROGRAM: 'WezTerm'});
  expect(bytes.split('\u001b]9;poe: Sandbox-Count replied\u0007')).toHaveLength(2);
  expect(bytes.match(bell)).toHaveLength(1);
});

test('by default nothing rings, and the terminal is not asked to report its focus', async () => {
  const {bytes} = await asked('', {POE_NOTIFY: '0'});
  expect(bytes).not.toMatch(bell);
  expect(bytes).not.toContain('\u001b[?1004');
});

test('no notification for a reply that the user stopped', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q --notify -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [/\w · new chat/, ({type}) => type(`${focusOut}hello\r`)],
      [/> hello\n\n\S+\nOne word/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(bell);
});
