import {expect, test} from 'vitest';
import {type Json, variedSite} from '../../support/servers/site-variations.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

test('a chat works on other site variations too', async (context) => {
  const {env, chats} = await variedSite(context, {
    toFrames: (events, seq) => [
      Buffer.from(JSON.stringify({messages: events.map((event: Json) => JSON.stringify(event)), min_seq: seq})),
    ],
    orderEvents: (events) =>
      events.toSorted((a, b) => Number(a.name === 'messageAdded') - Number(b.name === 'messageAdded')),
  });
  const {lines} = await onTerminal('node bin/poe.js chat -q -b wordy', {
    cols: 120,
    env: {...env, POE_FORMKEY: ''},
    when: [
      [/Wordy · new chat +20 points per message · 2,980 points left/, ({type}) => type('one\r')],
      [/Wordy · A talk +.* · last: 20 points · /, ({type}) => type('two\r')],
      [/says Wordy to two\n[^]*last: 20/, ({type}) => type('/retry\r')],
      [/says Wordy to you again\n[^]*last: 20/, ({type}) => type('/title Tea\r')],
      [/Wordy · Tea /, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(lines.filter((line) => line.startsWith('Grüße'))).toEqual([
    'Grüße 👋 says Wordy to one',
    'Grüße 👋 says Wordy to two',
    'Grüße 👋 says Wordy to you again',
  ]);
  expect(chats).toMatchObject([{title: 'Tea'}]);
});

test('on site version 2025-03 a chat shows the price of a message', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Count', {
    site: '2025-03',
    env: {NO_COLOR: '1'},
    when: [
      [/^>$/m, ({type}) => type('count to 3\r')],
      [/1 2 3\n\n.*points left\n>$/, ({type}) => type('\u0004')],
    ],
  });
  const costs = '2 points per message · last: 2 points · 1,825 points left';
  expect(lines).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3', '', costs, 'exit 0']);
});

test('on site version 2025-03 a message that is too expensive stays in the prompt', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Broke', {
    site: '2025-03',
    cols: 200,
    when: [
      [/\w · new chat/, ({type}) => type('hello\r')],
      [/[^]*\n> hello *\nSandbox-Broke/, ({type}) => type('\u0003')],
      [/Ctrl\+C again/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.join('\n')).toMatch(/points/);
  expect(lines.at(-1)).toBe('exit 0');
});
