import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';
import {withKey} from '../../support/with-key.js';

/* Reasoning is shown apart from the answer. */

const env = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};

test('on a terminal the reasoning is dimmed above the answer, with a bar at its left', async () => {
  const {lines, styled} = await onTerminal('node bin/poe.js send -q -b sandbox-thinker "2+2?"', {env});
  expect(lines).toEqual(['before', '│ Two and two is four.', '', '4', 'exit 0']);
  expect(styled).toContain('<2 │ Two and two is four.>');
});

test('long reasoning wraps at words', async () => {
  const {lines} = await onTerminal('node bin/poe.js send -q -b sandbox-thinker "2+2?"', {env, cols: 22});
  expect(lines.slice(1, 5)).toEqual(['│ Two and two is four.', '', '4', 'exit 0']);
  const narrow = await onTerminal('node bin/poe.js send -q -b sandbox-ponderer "2+2?"', {env, cols: 22});
  expect(narrow.lines.slice(1)).toEqual(['│ First I count both', '│ twos.', '│ Then I add them.', '', '4', 'exit 0']);
});

test('an answer that a bot sends only as reasoning is shown once, in poe send and in a chat', async () => {
  const {lines} = await onTerminal('node bin/poe.js send -q -b sandbox-muser "2+2?"', {env});
  expect(lines).toEqual(['before', '│ It is 4.', '', 'exit 0']);
  for (const flag of ['', '--screen-reader']) {
    const chat = await onTerminal(`node bin/poe.js chat -q ${flag} -b sandbox-muser`, {
      env,
      when: [
        [/^>(?: *\n.* new chat.*)?$/m, ({type}) => type('2+2?\r')],
        [/which is shown\.\n\n(?:last: .*\n)?> */, ({type}) => type('\u0004')],
      ],
    });
    const reasoning = flag === '' ? [expect.stringMatching(/^Thought for \d/), 'It is 4.'] : ['It is 4.'];
    const note = 'The bot answered only in its reasoning, which is shown.';
    expect(chat.lines.slice(0, flag ? 8 : 9)).toEqual([
      'before',
      '> 2+2?',
      '',
      'Sandbox-Muser',
      ...reasoning,
      '',
      note,
      '',
    ]);
    expect(chat.lines.join('\n').split('It is 4.')).toHaveLength(2);
  }
});

test('in a pipe there is only the answer', async () => {
  const {run} = await withKey();
  expect(await run('send', '-b', 'Sandbox-Thinker', '2+2?')).toEqual({code: 0, out: '4\n', err: ''});
});
