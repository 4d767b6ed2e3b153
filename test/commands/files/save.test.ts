import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {filesIn} from '../../../src/output/format/file-names.js';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {pictureHost} from '../../support/servers/picture-host.js';

test('save downloads a file of a reply without cookies, and overwrites only with --yes', async () => {
  const {run} = await withSandbox();
  const {url, seen} = await pictureHost();
  const folder = temporaryFolder();
  await run('send', '-b', 'Sandbox-Echo', `![one](${url}/a.png) and ![two](${url}/b%20c.png?w=1)`);
  expect(await run('save', 'last', '2', folder)).toEqual({code: 0, out: `Saved ${join(folder, 'b c.png')}\n`, err: ''});
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toBe('picture at /b%20c.png?w=1');
  writeFileSync(join(folder, 'b c.png'), 'mine');
  expect(await run('save', 'last', '2', folder)).toEqual({
    code: 2,
    out: '',
    err: `poe: ${join(folder, 'b c.png')} already exists\n     Choose another name, or add --yes.\n`,
  });
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toBe('mine');
  await run('save', 'last', '2', folder, '--yes');
  expect(readFileSync(join(folder, 'b c.png'), 'utf8')).toContain('picture');
  const {saved} = JSON.parse((await run('save', 'last', '1', join(folder, 'x.png'), '--json')).out);
  expect(saved).toEqual([{name: 'a.png', url: `${url}/a.png`, path: join(folder, 'x.png'), size: 17}]);
  expect(seen.map(({cookie}) => cookie)).toEqual([undefined, undefined, undefined]);
  expect(readdirSync(folder).toSorted()).toEqual(['b c.png', 'x.png']);
});

test('save reports missing files and leaves no partial file', async () => {
  const {run} = await withSandbox();
  const {url} = await pictureHost();
  const folder = temporaryFolder();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('save', 'last')).err).toMatch(/^poe: No reply in this chat has files/);
  await run('send', '-b', 'Sandbox-Echo', `![](${url}/gone.png)`);
  expect((await run('save', 'last', '3')).err).toMatch(/no file "3"\n {5}It has: 1 gone\.png/);
  expect((await run('save', 'last', '1', folder)).err).toMatch(
    /Could not download .*: HTTP 404\n {5}Nothing was saved\./,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('the file names of a reply are made safe', () => {
  const url = 'https://example.com/x';
  const named = (name: string) =>
    filesIn({text: '', attachments: [{name, url, mimeType: null, size: null}]}).map((file) => file.name);
  expect(named('../../.bashrc')).toEqual(['_.._.bashrc']);
  expect(named('a\u001b[2Jb\u202Egnp.exe')).toEqual(['a_[2Jb_gnp.exe']);
  expect(named('..')).toEqual(['file']);
  expect(named('')).toEqual(['x']);
  expect(filesIn({text: '![a](file:///etc/passwd) ![b](javascript:alert(1))', attachments: []})).toEqual([]);
});

test('save ignores the files that you sent', async () => {
  const {run} = await withSandbox();
  const file = join(temporaryFolder(), 'mine.txt');
  writeFileSync(file, 'mine');
  await run('send', '-b', 'Sandbox-Count', 'count to 2', '-f', file);
  expect(await run('save', 'last')).toMatchObject({
    code: 3,
    err: expect.stringContaining('No reply in this chat has files'),
  });
});
