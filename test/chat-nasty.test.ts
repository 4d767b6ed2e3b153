import {expect, test} from 'vitest';
import {sendsOf} from './harness.js';
import {leak, poisons} from './poison.js';
import {onTerminal} from './pseudo-terminal.js';

/* What a bot says, and what one pastes, can do nothing to the terminal of a chat. */

/** The echo of the bot, which stands flush left, where what one typed has a mark before it. */
const echoed = (index: number) => new RegExp(`^said (?:(?!said)[^])* ${index}done`, 'm');
const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;

test.each([
  ['drawn', ''],
  ['for a screen reader', '--screen-reader'],
])('no control sequence gets through, %s: from a paste, from a reply, from a title', async (_how, flag) => {
  const kinds = Object.entries(poisons);
  const {bytes, lines, sandbox} = await onTerminal(`node bin/poe.js chat -q ${flag} -b Sandbox-Echo`, {
    rows: 40,
    when: [
      [/^>|Sandbox-Echo/m, ({type}) => type(`${pasted(`said ${kinds[0]?.[1]} 0done`)}\r`)],
      ...kinds
        .slice(1)
        .map(([, poison], index): [RegExp, (terminal: {type: (text: string) => void}) => void] => [
          echoed(index),
          ({type}) => type(`${pasted(`said ${poison} ${index + 1}done`)}\r`),
        ]),
      [echoed(kinds.length - 1), ({type}) => type('\u0004')],
    ],
  });
  expect(sendsOf(sandbox)).toBe(kinds.length);
  expect(leak(bytes)).toBeUndefined();
  expect(lines.join('\n')).toMatch(/[\u2400-\u2421\uFFFD]/);
});
