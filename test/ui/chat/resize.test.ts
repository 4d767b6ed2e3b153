import {expect, test} from 'vitest';
import {onTerminal, readyChat, statusBar, type When} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

/* Resizing the terminal. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';

test('resizing the terminal during a reply keeps each line once and all earlier output', async () => {
  const steps = [
    ['A short guide to tea', [40, 24]],
    ['Wait as long as', [200, 50]],
    ['import time', [50, 13]],
    ['sleep 240', [90, 30]],
  ] as const;
  const {lines, bytes} = await onTerminal('seq 1 30; node bin/poe.js chat -q -b Sandbox-Markdown', {
    when: [
      [readyChat, ({type}) => type('hello\r')],
      ...steps.map(([text, [cols, rows]], index): When[number] => [
        // A chat that has not noticed a size yet cannot draw correctly after the next one.
        new RegExp(`${text}[^]*${statusBar(steps[index - 1]?.[1][0] ?? 80)}`),
        ({resize}) => resize(cols, rows),
      ]),
      [/Pour, wait, and do not hurry\.\n[^]*\n(?=.{88}$).*last: .* left$/, ({resize}) => resize(40, 24)],
      [/\nSandbox-Markdown +last: [\d,]+ · [\d,]+ left$/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(0, 34)).toEqual([
    'before',
    ...Array.from({length: 30}, (_, index) => String(index + 1)),
    '> hello',
    '',
    'Sandbox-Markdown',
  ]);
  const alone = await onTerminal('node bin/poe.js -q -b Sandbox-Markdown hello');
  const words = (text: readonly string[]) => text.join('\n').match(/[A-Za-z]{4,}/g) ?? [];
  // A table is as wide as the terminal was when it arrived.
  const once = (text: readonly string[]) =>
    words(text.filter((line) => !/^(?:[│┌├└]|Kind|Water \(|Minutes|Second|Black|Oolong|Green|White|---)/.test(line)));
  const end = lines.findIndex((line) => line.startsWith('Pour, wait'));
  expect(once(lines.slice(34, end + 1))).toEqual(once(alone.lines.slice(1, -1)));
  expectRestored(bytes);
});

test('a resize in any direction keeps the text above the prompt, and one prompt', async () => {
  const sizes = [
    [40, 24],
    [33, 15],
    [80, 24],
    [200, 50],
    [40, 24],
    [120, 12],
    [31, 40],
    [80, 24],
  ] as const;
  const {lines} = await onTerminal('seq 1 30; node bin/poe.js chat -q', {
    when: [
      [/per message · 1,827 points left/, ({type}) => type('a draft')],
      [/> a draft/, ({resize}) => resize(79, 24)],
      ...sizes.map(([cols, rows], index): When[number] => {
        const [before = 79] = sizes[index - 1] ?? [];
        return [frameOf('a draft', before), ({resize}) => resize(cols, rows)];
      }),
      [frameOf('a draft', 80), ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines).toEqual(['before', ...Array.from({length: 30}, (_, index) => String(index + 1)), 'exit 0']);
});

test('a terminal with more than a thousand columns shows the rows of the prompt below each other', async () => {
  const {lines} = await onTerminal('seq 1 30; node bin/poe.js chat -q', {
    cols: 1100,
    when: [
      [/per message · 1,827 points left/, ({type}) => type('a draft')],
      [frameOf('a draft', 1100), ({resize}) => resize(2300, 24)],
      [frameOf('a draft', 2300), ({type}) => type('\u001b\rof two lines')],
      [frameOf('a draft\\n {2}of two lines', 2300), ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines).toEqual(['before', ...Array.from({length: 30}, (_, index) => String(index + 1)), 'exit 0']);
});

/** The prompt below earlier output, and the status bar as it is on a terminal of that width. */
function frameOf(draft: string, columns: number): RegExp {
  const rows = [
    ['Assistant · new chat', '15 points per message · 1,827 points left'],
    ['Assistant · new chat', '15 per message · 1,827 left'],
    ['Assistant', '15 per message · 1,827 left'],
    ['Assistant · new chat', '1,827 left'],
    ['Assistant', '1,827 left'],
  ] as const;
  const width = columns - 2;
  const [left, right] = rows.find((row) => row.join('  ').length <= width) ?? rows[4];
  return new RegExp(`30\\n> ${draft}\\n${left}${right.padStart(width - left.length)}$`);
}
