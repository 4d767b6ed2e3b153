import {expect, test} from 'vitest';
import {sendsOf} from './harness.js';
import {leak, poisons} from './poison.js';
import {onTerminal} from './pseudo-terminal.js';

/* What a bot says, and what one pastes, can do nothing to the terminal of a chat. */

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
          new RegExp(`${index}done[\\s\\S]*${index}done`),
          ({type}) => type(`${pasted(`said ${poison} ${index + 1}done`)}\r`),
        ]),
      [new RegExp(`${kinds.length - 1}done[\\s\\S]*${kinds.length - 1}done`), ({type}) => type('\u0004')],
    ],
  });
  expect(sendsOf(sandbox)).toBe(kinds.length);
  expect(leak(bytes)).toBeUndefined();
  expect(lines.join('\n')).toMatch(/[\u2400-\u2421\uFFFD]/);
});
