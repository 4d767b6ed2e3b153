import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runMain} from '../../support/harness.js';
import {type At, onTerminal} from '../../support/terminal/pseudo-terminal.js';

const ready = /\w · new chat/;
const answered = /last: /;
const ctrlD = '\u0004';
/** A chat that uses only the stored credentials. */
const chatByStore = 'env -u POE_P_B -u POE_P_LAT node bin/poe.js chat -q';

/** The site rejects the stored tokens from now on, starting with the next such operation. */
function expireLogin({sandbox, configDir}: At, operation: 'sendMessage' | 'retryMessage'): void {
  sandbox.faults.respondOnce({operation}, {status: 302, headers: {Location: '/login'}});
  // These tokens are stored until the next login.
  const profile = {tokens: {pB: 'old', pLat: 'old'}, site: sandbox.url};
  const file = join(configDir, 'config.json');
  writeFileSync(`${file}.new`, JSON.stringify({version: 1, profiles: {default: profile}}));
  renameSync(`${file}.new`, file);
}

test('without a last chat to continue, a message waits in the prompt, and starts a new one', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -c last -b Sandbox-Count "count to 3"', {
    when: [
      [
        /There is no last chat\nSend a message to start one[^]*> count to 3\n[^]*Count · new chat/,
        ({type}) => type('\r'),
      ],
      [/1 2 3\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(5, 9)).toEqual(['> count to 3', '', 'Sandbox-Count', '1 2 3']);
});

test('the status bar shows a lost connection until it is restored, and the reply is complete', async () => {
  let seen = false;
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [
        ready,
        ({type, sandbox}) => {
          sandbox.faults.dropSocketAfter(3);
          type('count to 40\r');
        },
      ],
      [/connection lost, reconnecting…/, () => (seen = true)],
      [/38 39 40\n[^]*last: /, ({type}) => type(ctrlD), 'independent'],
    ],
  });
  expect(seen).toBe(true);
  const numbers = Array.from({length: 40}, (_, index) => index + 1);
  const counted = [numbers.slice(0, 29).join(' '), numbers.slice(29).join(' ')];
  expect(lines).toEqual(['before', '> count to 40', '', 'Sandbox-Count', ...counted, '', 'exit 0']);
  expect(bytes.lastIndexOf('reconnecting')).toBeLessThan(bytes.lastIndexOf('Sandbox-Count'));
});

test('an expired login shows how to log in; the message stays in the prompt and can be sent after a login elsewhere', async () => {
  const {lines} = await onTerminal(`node bin/poe.js login > login.txt; rm login.txt; ${chatByStore} -b Sandbox-Count`, {
    cols: 200,
    when: [
      [
        ready,
        (at) => {
          expireLogin(at, 'sendMessage');
          at.type('count to 3\r');
        },
      ],
      [/Not logged in: [^\n]*\nLog in [^\n]* in another terminal, [^]*\n> count to 3\n/, ({type}) => type('\r')],
      [
        /Not logged in[^]*Not logged in[^]*\n> count to 3\n/,
        ({type, sandbox, configDir}) =>
          void runMain(['login'], {env: {...sandbox.env, POE_CONFIG_DIR: configDir}}).then(() => type('\r')),
      ],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(-6)).toEqual(['> count to 3', '', 'Sandbox-Count', '1 2 3', '', 'exit 0']);
});

test('after a login elsewhere, /retry regenerates the last reply', async () => {
  const {lines} = await onTerminal(`node bin/poe.js login > login.txt; rm login.txt; ${chatByStore} -b Sandbox-Count`, {
    cols: 200,
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [
        answered,
        (at) => {
          expireLogin(at, 'retryMessage');
          at.type('/retry\r');
        },
      ],
      [
        /Not logged in: [^\n]*\nLog in [^\n]* in another terminal, [^]*\n> *\n/,
        ({type, sandbox, configDir}) =>
          void runMain(['login'], {env: {...sandbox.env, POE_CONFIG_DIR: configDir}}).then(() => type('/retry\r')),
      ],
      [/1 2 3\n[^]*Log in with a browser session[^]*1 2 3\n[^]*(?<!Esc to stop)\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.filter((line) => line === '1 2 3')).toHaveLength(2);
  expect(lines.at(-1)).toBe('exit 0');
});

test('destructive commands ask for confirmation in the chat, and “no” cancels them', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/delete-chat\r')],
      [/Delete "Count to 3" \(Sandbox-Count, [^)]+\) permanently\? \(y\/N\)\n> *\n/, ({type}) => type('\r')],
      [/Cancelled[^]*\n> *\n/, ({type}) => type('a draft\u0015/delete-chat\r')],
      [/Cancelled[^]*permanently\? \(y\/N\)\n> *\n/, ({type}) => type('y\r')],
      [/Deleted 1 chat[^]* · new chat/, ({type}) => type('/purge\r')],
      [/every chat of the account\. Type purge to continue:\n> *\n/, ({type}) => type('\u001b')],
      [/Cancelled[^]*Cancelled[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(6)).toEqual([
    '/delete-chat',
    'Cancelled',
    '',
    '/delete-chat',
    'Deleted 1 chat',
    '',
    '/purge',
    'Cancelled',
    '',
    'exit 0',
  ]);
  expect(sandbox.requests.filter(({queryName}) => /purge/i.test(queryName ?? ''))).toEqual([]);
});

test('a misused slash command shows its usage as a slash command', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 120,
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/title\r')],
      [/Missing argument[^]*\n> *\n/, ({type}) => type('/help title\r')],
      [/\/title <title\.\.\.>\n[^]*\n> *\n/, ({type}) => type('/title --help\r')],
      [/\/title <title\.\.\.>\n[^]*\/title <title\.\.\.>\n[^]*\n> *\n/, ({type}) => type('/history shwo\r')],
      [/Did you mean[^]*\n> *\n/, ({type}) => type('/history --nothing\r')],
      [/Unknown option[^]*\n> *\n/, ({type}) => type('/bot-info nope\r')],
      [/nope"[^]*\n> *\n/, ({type}) => type('/share --bot\r')],
      [/\/share --bot\n[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual(expect.arrayContaining(['Missing argument <title>', 'Type /help title for its usage.']));
  expect(lines.join('\n')).toContain('Unknown command "history shwo". Did you mean show?');
  expect(lines.slice(1, -1).join('\n')).not.toMatch(/\bpoe [a-z]|POE_|--profile/);
});
