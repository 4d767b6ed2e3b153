import {expect, test} from 'vitest';
import {onTerminal} from '../support/pseudo-terminal.js';

const [lookedAt, notLookedAt] = ['\u001b[I', '\u001b[O'];
const ctrlD = '\u0004';
const bell = /\u0007/g;

/** Asks twice: while nobody looks, and while somebody does. */
const asked = (options: string, env: Record<string, string> = {}) =>
  onTerminal(`node bin/poe.js chat -q -b Sandbox-Count ${options}`, {
    env,
    when: [
      [/\w · new chat/, ({type}) => type(`${notLookedAt}count to 3\r`)],
      [/> count to 3\n\n1 2 3\n[^]*last: /, ({type}) => type(`${lookedAt}count to 4\r`)],
      [/> count to 4\n\n1 2 3 4\n[^]*1,823/, ({type}) => type(ctrlD)],
    ],
  });

test('with --notify the bell rings for a reply that comes when nobody looks, and only then', async () => {
  const {bytes, lines} = await asked('--notify');
  expect(bytes.match(bell)).toHaveLength(1);
  expect(bytes.indexOf('\u0007')).toBeLessThan(bytes.indexOf('count to 4'));
  expect(lines.join('\n')).not.toMatch(/\[I|\[O/);
  expect(bytes.lastIndexOf('\u001b[?1004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?1004h'));
  expect(bytes).toContain('\u001b[?1004h');
});

test('POE_NOTIFY does the same, as a note where the terminal knows such', async () => {
  const {bytes} = await asked('', {POE_NOTIFY: '1', TERM_PROGRAM: 'WezTerm'});
  expect(bytes.split('\u001b]9;poe: Sandbox-Count replied\u0007')).toHaveLength(2);
  expect(bytes.match(bell)).toHaveLength(1);
});

test('unasked, nothing rings, and the terminal is not asked to tell who looks', async () => {
  const {bytes} = await asked('', {POE_NOTIFY: '0'});
  expect(bytes).not.toMatch(bell);
  expect(bytes).not.toContain('\u001b[?1004');
});

test('nothing rings for a reply that was stopped at the keyboard', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q --notify -b Sandbox-Slow', {
    when: [
      [/\w · new chat/, ({type}) => type(`${notLookedAt}hello\r`)],
      [/> hello\n\nOne word/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(bell);
});
