import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {filesIn} from '../../src/output/format/file-names.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';
import {onTerminal} from '../support/pseudo-terminal.js';

/** A host of pictures, which is not Poe. */
async function pictures() {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(({headers, url}, response) => {
    seen.push(headers);
    if (url === '/gone.png') response.writeHead(404).end();
    else response.end(`picture at ${url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
}

test('save fetches what came with a reply, without cookies, and replaces nothing unasked', async () => {
  const {run} = await withSandbox();
  const {url, seen} = await pictures();
  const folder = temporaryFolder();
  await run('send', '-b', 'Sandbox-Echo', `![one](${url}/a.png) and ![two](${url}/b%20c.png?w=1)`);
  expect(await run('save', 'last', '2', folder)).toEqual({code: 0, out: `Saved ${join(folder, 'b c.png')}\n`, err: ''});
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toBe('picture at /b%20c.png?w=1');
  writeFileSync(join(folder, 'b c.png'), 'mine');
  expect(await run('save', 'last', '2', folder)).toEqual({
    code: 2,
    out: '',
    err: `poe: ${join(folder, 'b c.png')} is there already\n     Choose another name, or say --yes.\n`,
  });
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toBe('mine');
  await run('save', 'last', '2', folder, '--yes');
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toContain('picture');
  const {saved} = JSON.parse((await run('save', 'last', '1', join(folder, 'x.png'), '--json')).out);
  expect(saved).toEqual([{name: 'a.png', url: `${url}/a.png`, path: join(folder, 'x.png'), size: 17}]);
  expect(seen.map(({cookie}) => cookie)).toEqual([undefined, undefined, undefined]);
  expect(readdirSync(folder).toSorted()).toEqual(['b c.png', 'x.png']);
});

test('save says what is not there, and leaves nothing half done', async () => {
  const {run} = await withSandbox();
  const {url} = await pictures();
  const folder = temporaryFolder();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('save', 'last')).err).toMatch(/^poe: No reply of this chat has files/);
  await run('send', '-b', 'Sandbox-Echo', `![](${url}/gone.png)`);
  expect((await run('save', 'last', '3')).err).toMatch(/no file "3"\n {5}It has: 1 gone\.png/);
  expect((await run('save', 'last', '1', folder)).err).toMatch(/answered HTTP 404\n {5}Nothing was saved\./);
  expect(readdirSync(folder)).toEqual([]);
});

test('a name from outside leads to no other folder and hides nothing', () => {
  const url = 'https://example.com/x';
  const named = (name: string) =>
    filesIn({text: '', attachments: [{name, url, mimeType: null, size: null}]}).map((file) => file.name);
  expect(named('../../.bashrc')).toEqual(['_.._.bashrc']);
  expect(named('a\u001b[2Jb\u202Egnp.exe')).toEqual(['a_[2Jb_gnp.exe']);
  expect(named('..')).toEqual(['file']);
  expect(named('')).toEqual(['x']);
  expect(filesIn({text: '![a](file:///etc/passwd) ![b](javascript:alert(1))', attachments: []})).toEqual([]);
});

test('in a chat the files of a reply are listed with their address, saved, and replaced only after a yes', async () => {
  const {url} = await pictures();
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
      [/is there already\. Replace it\? \(y\/N\)\n> *\n/, ({type}) => type('n\r')],
      [/Nothing was done[^]*\n> *\n/, ({type}) => type('\u0004')],
    ],
  });
  expect(existsSync(path) && readFileSync(path, 'utf8')).toBe('mine');
  expect(lines).toContain(`1. cup.png: ${url}/cup.png`);
  expect(lines).toContain(`Saved ${path}`);
});

test('a suggested reply is taken with Alt and its number, or with Tab one after the other', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Assistant', {
    when: [
      [/\w · new chat/, ({type}) => type('hello\r')],
      [
        /Alt\+1 {2}Tell me more\.\nAlt\+2 {2}Give me an example\.\nAlt\+3 {2}Say it shorter\.\n> *\n[^]*last: /,
        ({type}) => type('\t'),
      ],
      [/> Tell me more\.\n/, ({type}) => type('\t')],
      [/> Give me an example\.\n/, ({type}) => type('\u001b3')],
      [/> Say it shorter\.\n/, ({type}) => type('\r')],
      [/> Say it shorter\.\n[^]*Alt\+1[^]*last: /, ({type}) => type('\u0004')],
    ],
  });
  expect(
    sandbox.requests.filter(({variables}) => JSON.stringify(variables ?? '').includes('Say it shorter.')),
  ).not.toEqual([]);
});

test('files that one sent oneself are not those of a reply', async () => {
  const {run} = await withSandbox();
  const file = join(temporaryFolder(), 'mine.txt');
  writeFileSync(file, 'mine');
  await run('send', '-b', 'Sandbox-Count', 'count to 2', '-f', file);
  expect(await run('save', 'last')).toMatchObject({
    code: 3,
    err: expect.stringContaining('No reply of this chat has files'),
  });
});
