import {expect, test} from 'vitest';
import {countSends} from '../../support/harness.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* A tour of the chat: menus, lists, a reply and earlier input, on small and large terminals. */

const escape = '\u001b';
const ctrlD = '\u0004';
const ctrlR = '\u0012';
const ctrlU = '\u0015';

test.for([
  [40, 15],
  [80, 24],
  [120, 40],
  [200, 50],
] as const)('on %i × %i cells, everything can be chosen by keyboard and fits', async ([cols, rows]) => {
  const {lines, bytes, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols,
    rows,
    when: [
      [readyChat, ({type}) => type('/')],
      [/\n> \/ *\n❯ \/bot [^]*\n {2}1 of \d+ · Tab to complete/, ({type}) => type('expl')],
      [/\n> \/expl *\n❯ \/explore/, ({type}) => type(escape)],
      [/\n> \/expl *\nSandbox-Echo/, ({type}) => type(`${ctrlU}/bot\r`)],
      [/Choose a bot\nSearch: *\n❯ /, ({type}) => type('sandbox-sam')],
      [/❯ Sandbox-Sample +/, ({type}) => type('\r')],
      [/Switched to Sandbox-Sample(?: · 2 points per message)?\n[^]*\n> *\n/, ({type}) => type('see @package.j')],
      [/\n> see @package\.j *\n❯ package\.json/, ({type}) => type('\t')],
      [
        /\[package\.json [\d.]+ KB\][^]*\n> see @package\.json *\n/,
        ({type}) => type(`${ctrlU}How long does tea take?\r`),
      ],
      [/Add a minute\.\n[^]*last: /, ({type}) => type(ctrlR)],
      [/Earlier input\nSearch: *\n❯ How long does tea take\?/, ({type}) => type('bot')],
      [/Search: bot *\n❯ \/bot/, ({type}) => type(escape)],
      [/\n> *\nSandbox-Sample [^\n]*left$/, ({type}) => type('/help\r')],
      [/leave\s+the\s+chat\n[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  const shown = lines.join('\n');
  expect(shown).toContain('┌───────┬────────┬─────────┐\n│ Tea   │  Water │ Minutes │\n├');
  // Code is not wrapped: the terminal wraps it, and a copy has one line.
  expect(shown).toContain('\n    minutes = {"black": 4, "green": 2, "white": 5}[kind]\n');
  expect(shown.replaceAll(/\s+/g, ' ')).toContain('The taste grows like c ≤ c₀ · √t, so twice the taste');
  for (const line of lines.filter((each) => /taste|depends/.test(each))) expect(line.length).toBeLessThanOrEqual(cols);
  expect(countSends(sandbox)).toBe(1);
  expect(bytes).not.toContain('\u001b[?1049h');
  expect(lines.at(-1)).toBe('exit 0');
});
