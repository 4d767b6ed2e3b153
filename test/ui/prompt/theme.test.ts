import {expect, test} from 'vitest';
import {createTheme} from '../../../src/ui/theme.js';

const show = (theme: ReturnType<typeof createTheme>): string =>
  Object.entries(theme)
    .map(([role, paint]) => paint(role))
    .join(' ');

test('without color, the roles of the theme change nothing', () => {
  expect(show(createTheme({color: false, name: 'dark'}))).toBe('text dim good error accent warning');
});

test('the theme uses the colors that users can configure in their terminal', () => {
  expect(show(createTheme({color: true}))).toBe(
    '\u001b[1mtext\u001b[22m \u001b[2mdim\u001b[22m \u001b[32mgood\u001b[39m \u001b[31merror\u001b[39m \u001b[35maccent\u001b[39m \u001b[33mwarning\u001b[39m',
  );
});

test('a terminal that tells its background gets the theme for it, unless one is set', () => {
  const warning = (env: Record<string, string>, name?: 'dark' | 'light') =>
    createTheme({color: true, env, name}).warning('low');
  const [yellow, red] = ['\u001b[33mlow\u001b[39m', '\u001b[31mlow\u001b[39m'];
  expect(warning({COLORFGBG: '15;0'})).toBe(yellow);
  expect(warning({COLORFGBG: '0;15'})).toBe(red);
  expect(warning({COLORFGBG: '0;default;15'})).toBe(red);
  expect(warning({COLORFGBG: '0;15'}, 'dark')).toBe(yellow);
  expect(warning({COLORFGBG: 'nonsense'})).toBe(yellow);
});
