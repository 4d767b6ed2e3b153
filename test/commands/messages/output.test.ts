import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {pictureHost} from '../../support/servers/picture-host.js';
import {withKey} from '../../support/with-key.js';

async function withFiles() {
  const {run, sandbox} = await withSandbox({pace: 0});
  const {url} = await pictureHost();
  const folder = temporaryFolder();
  const text = `![one](${url}/a.png) and ![two](${url}/b.png)`;
  const sent = () => sandbox.requests.filter(({body}) => Buffer.from(body).includes('clientNonce')).length;
  return {sent, folder, send: (...argv: string[]) => run('send', '-b', 'Sandbox-Echo', ...argv, text)};
}

test('-o saves the files of a reply to a folder and prints their paths', async () => {
  const {send, folder} = await withFiles();
  const {code, out} = await send('-o', folder);
  const paths = out.trimEnd().split('\n');
  expect(code).toBe(0);
  expect(paths).toEqual([join(folder, 'a.png'), join(folder, 'b.png')]);
  for (const path of paths) expect(existsSync(path)).toBe(true);
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted(),
  ).toEqual(paths.toSorted());
  // Nothing is overwritten: the files of a second reply get other names.
  const again = (await send('-o', `${folder}/`)).out.trimEnd().split('\n');
  expect(readdirSync(folder)).toHaveLength(paths.length + again.length);
});

test('-o creates a folder, but not its parents', async () => {
  const {send, folder, sent} = await withFiles();
  const {code, out} = await send('-o', `${join(folder, 'new')}/`);
  expect({code, out}).toEqual({
    code: 0,
    out: `${join(folder, 'new', 'a.png')}\n${join(folder, 'new', 'b.png')}\n`,
  });
  expect(await send('-o', `${join(folder, 'no', 'such')}/`)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/No folder .*no\n +Nothing was sent\./),
  });
  expect(await send('-o', '')).toMatchObject({code: 2, err: expect.stringContaining('The path of --output is empty')});
  expect(sent()).toBe(1);
});

test('a file that cannot be saved is still in the chat, and the error says so', async () => {
  const {run} = await withSandbox({pace: 0});
  const {url} = await pictureHost();
  const text = `![gone](${url}/gone.png)`;
  const {code, err} = await run('send', '-b', 'Sandbox-Echo', '-o', temporaryFolder(), text);
  expect(code).toBe(2);
  expect(err).toMatch(/404[^]*The reply is stored in its chat\. Try again with: poe save last/);
});

test('-o with a file never overwrites it without --force, and asks no bot in vain', async () => {
  const {send, folder, sent} = await withFiles();
  const path = join(folder, 'picture.png');
  writeFileSync(path, 'mine');
  expect(await send('-o', path)).toMatchObject({code: 2, err: expect.stringContaining('already exists')});
  expect(sent()).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect((await send('-o', path, '--force')).out).toBe(`${path}\n${join(folder, 'picture-2.png')}\n`);
  expect(readFileSync(path, 'utf8')).toBe('picture at /a.png');
  expect((await send('-o', join(folder, 'no', 'such.png'))).err).toContain('No folder');
  expect((await send('-o', '-')).err).toContain('The reply has 2 files');
});

test('-o with --json adds what was saved to the reply', async () => {
  const {send, folder} = await withFiles();
  const reply = JSON.parse((await send('-o', folder, '--json')).out);
  expect(reply).toMatchObject({bot: 'Sandbox-Echo', saved: [{name: 'a.png'}, {name: 'b.png'}]});
  for (const {path, size} of reply.saved) expect(readFileSync(path)).toHaveLength(size);
});

test('-o - writes the only file of a reply to stdout', async () => {
  const {run} = await withSandbox({pace: 0});
  const {url} = await pictureHost();
  expect(await run('send', '-b', 'Sandbox-Echo', '-o', '-', `![one](${url}/a.png)`)).toMatchObject({
    code: 0,
    out: 'picture at /a.png',
  });
});

test('-o fails for a reply without files, and shows its text', async () => {
  const {run} = await withKey({pace: 0});
  const folder = temporaryFolder();
  expect(await run('send', '-b', 'Sandbox-Echo', '-o', folder, 'hello')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/hello[\s\S]*The reply has no files/),
  });
});

test('-m is --bot, --no-save is --temporary, and retry -b asks another bot', async () => {
  const {run} = await withKey({pace: 0});
  expect((await run('send', '-m', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
  expect((await run('retry', 'last', '-b', 'Sandbox-Memory')).out).toBe('user: hello\n');
  expect(JSON.parse((await run('history', '--json')).out)).toMatchObject({bot: 'Sandbox-Memory'});
  await run('send', '--no-save', '-b', 'Sandbox-Echo', 'secret');
  expect((await run('history')).out).not.toContain('secret');
  const web = await withSandbox({pace: 0});
  await web.run('send', '-b', 'Sandbox-Echo', 'hello');
  expect(await web.run('retry', 'last', '-b', 'Sandbox-Memory')).toMatchObject({
    code: 4,
    err: expect.stringContaining('Regenerating a reply with another bot requires'),
  });
});
