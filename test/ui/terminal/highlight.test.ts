import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

const echo = (code: string) => `node bin/poe.js send -q -b Sandbox-Echo $'\`\`\`js\\n${code}\\n\`\`\`'`;

test('send highlights code on a terminal, unless NO_COLOR is set', async () => {
  const {styled, lines} = await onTerminal(echo('const a = 1;'));
  expect(styled).toContain('<35 const> a = <36 1>;');
  expect(lines).toEqual(['before', 'js', 'const a = 1;', 'exit 0']);
  const without = await onTerminal(echo('const a = 1;'), {env: {NO_COLOR: '1'}});
  expect(without.bytes).not.toMatch(/\u001b\[\d+m/);
  expect(without.lines).toEqual(['before', 'const a = 1;', 'exit 0']);
});

test('a chat highlights code in new replies and in earlier messages', async () => {
  const chat = (options: string) => `node bin/poe.js chat -q ${options}`;
  const {styled} = await onTerminal(`${chat('-b Sandbox-Code')}; ${chat('-c last')}`, {
    when: [
      [/\w · new chat/, ({type}) => type('hello\r')],
      [/last: /, ({type}) => type('\u0004')],
      [/Continuing[^]*Both print 42\.[^]*left$/m, ({type}) => type('\u0004')],
    ],
  });
  expect(styled.filter((line) => line.trim() === '<35 return> number * <36 2>')).toHaveLength(2);
});

test('history show highlights code', async () => {
  const {styled} = await onTerminal(`${echo('let b')} > /dev/null; PAGER=cat node bin/poe.js history show last`);
  expect(styled).toContain('<35 let> b');
});
