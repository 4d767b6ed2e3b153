import {expect, test} from 'vitest';
import {onDisk} from '../../support/stored-files.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

test('a chat never shows a secret, whatever is typed and whatever fails', async () => {
  const marks = {POE_CF_CLEARANCE: 'MARKclearanceKRAM', POE_CF_BM: 'MARKbmKRAM'};
  const ready = (shown: string) => /(?<!Esc to stop)\n> *(?:\n|$)(?!.*Esc to stop)/.test(shown);
  const then = (seen: RegExp, typed: string): When[number] => [
    (shown) => seen.test(shown) && ready(shown),
    ({type}) => type(typed),
  ];
  const {sandbox, configDir, bytes} = await onTerminal('node bin/poe.js chat -b Sandbox-Count', {
    cols: 200,
    rows: 50,
    env: marks,
    when: [
      then(/\w · new chat/, 'count to 2\r'),
      then(/1 2\n[^]*last: /, '/settings\r'),
      then(/^Points in total/m, '/whoami\r'),
      then(/Logged in as/, '/doctor\r'),
      then(/socket +ok/, '/share\r'),
      then(/https?:\S+\/s\/\S+/, '/bot nobody-at-all\r'),
      then(/No bot/, '/chat nosuchchat\r'),
      then(/no chat/i, '/nothing\r'),
      [
        (shown) => /\/nothing/.test(shown) && ready(shown),
        ({type, sandbox: {faults, tokens, formKey}}) => {
          const message = `${tokens.pB} ${tokens.pLat} ${formKey}`;
          faults.respondAlways(
            {operation: 'sendMessage'},
            {status: 200, body: JSON.stringify({data: null, errors: [{message}]})},
          );
          type('hello again\r');
        },
      ],
      // The rejected message is still in the prompt.
      [/Poe refused[^]*\n> hello again/, ({type}) => type('\u0015\u0004')],
    ],
  });
  const {pB, pLat} = sandbox.tokens;
  const written = bytes + onDisk(configDir);
  for (const secret of [pB, pLat, decodeURIComponent(pB), decodeURIComponent(pLat), sandbox.formKey, sandbox.apiKey])
    expect(written).not.toContain(secret);
  expect(written).not.toMatch(/MARK|KRAM/);
});
