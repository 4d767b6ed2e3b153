import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {clientId} from '../../../src/sandbox/api/sign-in.js';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';
import {signInUrl, sentTo} from '../../support/sign-in-page.js';

test('login opens the browser with the URL as its only argument, without a shell', async () => {
  const folder = temporaryFolder();
  const seen = join(folder, 'seen');
  const program = `#!${process.execPath}
require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.argv.slice(2)));
fetch(process.argv[2]);
`;
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(join(folder, name), program);
    chmodSync(join(folder, name), 0o755);
  }
  const {lines} = await onTerminal('node bin/poe.js login --api-key', {
    cols: 500,
    env: {POE_P_B: '', POE_P_LAT: '', POE_CLIENT_ID: clientId, PATH: `${folder}:${process.env.PATH}`},
  });
  expect(lines.join('\n')).toContain('Logged in as Sandbox (@sandbox) with an API key (profile default)');
  const [url, ...more]: string[] = JSON.parse(readFileSync(seen, 'utf8'));
  expect(lines).toContain(url);
  expect(more).toEqual([]);
});

test('the code can be pasted without being shown, and --no-browser opens no browser', async () => {
  const folder = temporaryFolder();
  const opened = join(folder, 'opened');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\ntouch ${opened}\n`, {mode: 0o755});
  const seen: string[] = [];
  const {lines, bytes} = await onTerminal('node bin/poe.js login --api-key --no-browser', {
    cols: 500,
    env: {POE_P_B: '', POE_P_LAT: '', POE_CLIENT_ID: clientId, PATH: `${folder}:${process.env.PATH}`},
    when: [
      [
        /\/oauth\/authorize\?\S+state=[\w-]{32}\s[^]*URL the browser/,
        ({type}, screen) => {
          const paste = async () => {
            seen.push(new URL(await sentTo(signInUrl(`${screen} `) ?? '')).searchParams.get('code') ?? '');
            type(`${seen[0]}\r`);
          };
          void paste();
        },
      ],
    ],
  });
  expect(lines.join('\n')).toContain('Logged in as Sandbox (@sandbox) with an API key (profile default)');
  expect(seen[0]).toMatch(/^[\w-]{32}$/);
  expect(bytes).not.toContain(seen[0]);
  expect(existsSync(opened)).toBe(false);
});
