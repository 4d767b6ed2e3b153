import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {pictureHost} from '../../support/servers/picture-host.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* Files of a reply, suggested replies, and export. */

test('the files of a reply are listed and saved; an existing file is replaced only after confirmation', async () => {
  const {url} = await pictureHost();
  const path = join(temporaryFolder(), 'kept.png');
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 200,
    when: [
      [/\w · new chat/, ({type}) => type(`![a cup](${url}/cup.png)\r`)],
      [/last: /, ({type}) => type(`/save 1 ${path}\r`)],
      [
        /Saved [^]*\n> *\n/,
        ({type}) => {
          writeFileSync(path, 'mine');
          type(`/save 1 ${path}\r`);
        },
      ],
      [/already exists\. Replace it\? \(y\/N\)\n> *\n/, ({type}) => type('n\r')],
      [/Cancelled[^]*\n> *\n/, ({type}) => type('\u0004')],
    ],
  });
  expect(existsSync(path) && readFileSync(path, 'utf8')).toBe('mine');
  // Its URL is in the text of the reply.
  expect(lines).toContain('1. cup.png');
  expect(lines).toContain(`Saved ${path}`);
});

test('Alt and a number accept a suggested reply, and Tab goes through them', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Assistant', {
    when: [
      [/\w · new chat/, ({type}) => type('hello\r')],
      [
        /Alt\+1 {2}Tell me more\.\nAlt\+2 {2}Give me an example\.\nAlt\+3 {2}Make it shorter\.\n> *\n[^]*last: /,
        ({type}) => type('\t'),
      ],
      [/> Tell me more\.\n/, ({type}) => type('\t')],
      [/> Give me an example\.\n/, ({type}) => type('\u001b3')],
      [/> Make it shorter\.\n/, ({type}) => type('\r')],
      [/> Make it shorter\.\n[^]*Alt\+1[^]*last: /, ({type}) => type('\u0004')],
    ],
  });
  expect(
    sandbox.requests.filter(({variables}) => JSON.stringify(variables ?? '').includes('Make it shorter.')),
  ).not.toEqual([]);
});

test('/export does not replace an existing file, and says so', async () => {
  const path = join(temporaryFolder(), 'mine.md');
  writeFileSync(path, 'mine');
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 200,
    when: [
      [/\w · new chat/, ({type}) => type('count to 2\r')],
      [/1 2\n[^]*last: /, ({type}) => type(`/export ${path}\r`)],
      [/already exists[^]*> *\n/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.join('\n')).toContain(`${path} already exists\nChoose another file.\n`);
  expect(readFileSync(path, 'utf8')).toBe('mine');
});
