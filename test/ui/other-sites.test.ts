import {expect, test} from 'vitest';
import {type Json, strangeSite} from '../support/site-variations.js';
import {onTerminal} from '../support/pseudo-terminal.js';

test('a chat in the terminal is held on such a site, too', async (context) => {
  const {env, chats} = await strangeSite(context, {
    frames: (events, seq) => [
      Buffer.from(JSON.stringify({messages: events.map((event: Json) => JSON.stringify(event)), min_seq: seq})),
    ],
    order: (events) => events.toSorted((a, b) => Number(a.name === 'messageAdded') - Number(b.name === 'messageAdded')),
  });
  const {lines} = await onTerminal('node bin/poe.js chat -q -b wordy', {
    cols: 120,
    env: {...env, POE_FORMKEY: ''},
    when: [
      [/Wordy · new chat · 20 points a message · 2,980 points left/, ({type}) => type('one\r')],
      [/Wordy · A talk · .* · last: 20 points · /, ({type}) => type('two\r')],
      [/says Wordy to two\n[^]*last: 20/, ({type}) => type('/retry\r')],
      [/says Wordy to you again\n[^]*last: 20/, ({type}) => type('/title Tea\r')],
      [/Wordy · Tea · /, ({type}) => type('\u0004')],
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
