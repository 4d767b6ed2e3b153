import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {sentMessages} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* `poe chat --temporary` and `--system`. */

const ctrlD = '\u0004';
const ready = /Sandbox-Memory · temporary chat/;
const withKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};

test('with a key, a temporary chat has instructions and context, and leaves nothing on this machine', async () => {
  const {lines, configDir} = await onTerminal(
    'node bin/poe.js chat -b Sandbox-Memory --temporary --system "Be brief."; node bin/poe.js history',
    {
      env: withKey,
      when: [
        [ready, ({type}) => type('one\r')],
        [/user: one\n[^]*last: /, ({type}) => type('and an alpaca?\r')],
        [/user: and an alpaca\?\n[^]*temporary chat/, ({type}) => type(ctrlD)],
      ],
    },
  );
  const shown = lines.join('\n');
  expect(shown).toMatch(/^poe · API key · Sandbox-Memory · temporary chat$/m);
  expect(shown).toContain('system: Be brief.\nuser: one\nassistant: ');
  expect(shown).not.toContain('To continue this chat');
  expect(shown).toContain('exit 0');
  const stored = existsSync(configDir) ? readdirSync(configDir, {recursive: true, withFileTypes: true}) : [];
  const texts = stored
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => readFileSync(join(parentPath, name), 'utf8'));
  expect(texts.join('\n')).not.toMatch(/Be brief|alpaca/);
  expect(stored.map(({name}) => name)).not.toContain('chats');
});

test('on poe.com, the chat is temporary, and a note says that the instructions precede the first message', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo --no-save --system "Be brief."', {
    cols: 120,
    when: [
      [/These instructions will precede your first message[^]*temporary chat/, ({type}) => type('one\r')],
      [/> one\n[^]*last: /, ({type}) => type('two\r')],
      [/> two\n[^]*last: /, ({type}) => type('/new\r')],
      [/Sandbox-Echo · temporary chat +(?!.*last).* points left/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(sentMessages(sandbox)).toMatchObject([
    {query: 'Be brief.\n\none', isTemporary: true, chatId: null},
    {query: 'two', chatId: expect.any(Number)},
  ]);
});
