import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

const filesIn = (folder: string) => readdirSync(folder).toSorted();
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

async function withChats() {
  const setup = await withKey();
  await setup.run('send', '-b', 'Sandbox-Echo', 'About: *Lisbon* / 東京');
  await setup.run('send', '-b', 'Sandbox-Memory', 'second');
  const codes = (await setup.run('history')).out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .toReversed();
  return {...setup, codes, folder: join(temporaryFolder(), 'all')};
}

test('every chat is exported to a file of its own, with an index', async () => {
  const {run, codes, folder} = await withChats();
  const {code, out, err} = await run('history', 'export', '--all', folder);
  expect({code, out, err}).toEqual({code: 0, out: `Exported 2 of 2 chats to ${folder}\n`, err: ''});
  expect(filesIn(folder)).toEqual(
    ['.poe-export.json', 'index.md', `about-lisbon-東京-${codes[0]}.md`, `second-${codes[1]}.md`].toSorted(),
  );
  const first = read(folder, `about-lisbon-東京-${codes[0]}.md`);
  expect(first).toMatch(
    /^---\ntitle: "About: \*Lisbon\* \/ 東京"\nbot: "Sandbox-Echo"\nchat: "local-[^"]+"\nupdated: "2/,
  );
  expect(first).toContain('\nmessages: 2\n---\n\n# About: \\*Lisbon\\* / 東京\n');
  expect(read(folder, 'index.md')).toMatch(
    new RegExp(
      `^# Chats\n\n- \\[second\\]\\(<second-${codes[1]}.md>\\) · Sandbox-Memory · 2.* UTC\n- \\[About: .*\\]\\(<about-lisbon-東京-${codes[0]}.md>\\)`,
    ),
  );
  expect(statSync(join(folder, 'index.md')).mode & 0o777).toBe(0o600);
});

test('a second export reads and writes only what changed, and keeps the file of a renamed chat', async () => {
  const {run, codes, folder} = await withChats();
  await run('history', 'export', '--all', folder);
  const untouched = join(folder, `second-${codes[1]}.md`);
  const before = statSync(untouched).mtimeMs;
  expect((await run('history', 'export', '--all', folder)).out).toBe(
    `Exported 0 of 2 chats to ${folder}; the others have not changed\n`,
  );
  await run('title', codes[0] ?? '', 'Another title');
  expect((await run('history', 'export', '--all', folder)).out).toContain('Exported 1 of 2 chats');
  expect(read(folder, `about-lisbon-東京-${codes[0]}.md`)).toContain('# Another title');
  expect(read(folder, 'index.md')).toContain(`[Another title](<about-lisbon-東京-${codes[0]}.md>)`);
  expect(statSync(untouched).mtimeMs).toBe(before);

  rmSync(untouched);
  expect((await run('history', 'export', '--all', folder)).out).toContain('Exported 1 of 2 chats');
  await run('delete-chat', '--yes', codes[1] ?? '');
  await run('history', 'export', '--all', folder);
  expect(existsSync(untouched)).toBe(true);
  expect(read(folder, 'index.md')).toContain(`second-${codes[1]}.md`);
});

test('chats on Poe are exported as web pages and JSON, also only those with one bot', async () => {
  const {run, sandbox} = await withSandbox();
  for (const chat of sandbox.world.chats.slice(4)) sandbox.world.removeChat(chat);
  await run('send', '-b', 'Sandbox-Sample', 'show me');
  const folder = temporaryFolder();
  expect((await run('history', 'export', '--all', folder, '--format', 'html')).out).toContain('Exported 5 of 5 chats');
  expect(read(folder, 'index.html')).toContain('<ul class="index">');
  const page = filesIn(folder).find((name) => read(folder, name).includes('<h2><bdi>Sandbox-Sample</bdi></h2>'));
  expect(read(folder, page ?? '')).toMatch(/<pre data-language="\w+"><code>.*<span class="magenta">/s);

  const json = temporaryFolder();
  const result = await run('history', 'export', '--json', '--all', json, '--format', 'json', '--bot', 'sandbox-sample');
  expect(JSON.parse(result.out)).toEqual({written: 1, unchanged: 0});
  expect(JSON.parse(read(json, 'index.json')).chats).toMatchObject([{bot: 'Sandbox-Sample', title: 'Show me'}]);
});

test('an export that fails shows how far it came, and the next one reads only the rest', async () => {
  const {run, codes, folder} = await withChats();
  const inTheWay = join(folder, `about-lisbon-東京-${codes[0]}.md`);
  mkdirSync(inTheWay, {recursive: true});
  const failed = await run('history', 'export', '--all', folder);
  expect(failed).toMatchObject({code: 2, out: ''});
  expect(failed.err).toContain('Exported 1 of 2 chats. To continue, run the same command again.\npoe: ');
  rmSync(inTheWay, {recursive: true});
  expect((await run('history', 'export', '--all', folder)).out).toBe(
    `Exported 1 of 2 chats to ${folder}; the others have not changed\n`,
  );
});

test('a chat that cannot be read does not keep the others from being exported', async () => {
  const {run, sandbox} = await withSandbox();
  for (const chat of sandbox.world.chats.slice(3)) sandbox.world.removeChat(chat);
  const folder = temporaryFolder();
  sandbox.faults.respondOnce({operation: 'chatPage'}, {status: 200, body: '{"data": {}}'});
  const failed = await run('history', 'export', '--all', folder);
  expect(failed).toMatchObject({code: 3, out: ''});
  expect(failed.err).toMatch(/^Exported 2 of 3 chats\. To continue, .*\npoe: Could not export the chat \w+: /);
  expect((await run('history', 'export', '--all', folder)).out).toBe(
    `Exported 1 of 3 chats to ${folder}; the others have not changed\n`,
  );
});

test('a damaged list of what was exported is ignored, and never names a file elsewhere', async () => {
  const {run, codes, folder} = await withChats();
  mkdirSync(folder);
  const entry = {file: '../outside.md', title: 'x', bot: null, lastInteractionTime: null};
  for (const text of ['{', JSON.stringify({format: 'md', chats: {[codes[0] ?? '']: entry}})]) {
    writeFileSync(join(folder, '.poe-export.json'), text);
    expect((await run('history', 'export', '--all', folder)).code).toBe(0);
    expect(existsSync(join(folder, '../outside.md'))).toBe(false);
  }
  expect(filesIn(folder)).toHaveLength(4);
});

test('--all needs one folder, and no file', async () => {
  const {run, codes} = await withChats();
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await run('history', 'export', '--all', file)).toMatchObject({code: 2, out: ''});
  // Node's own way to create a folder with its parents never returns here.
  expect(await run('history', 'export', '--all', '/proc/none/x')).toMatchObject({code: 2, out: ''});
  for (const argv of [
    ['--all', 'x', codes[0] ?? ''],
    ['--all', 'x', '-o', 'y'],
    [],
    ['--all'],
    ['--bot', 'x', 'last'],
  ]) {
    expect(await run('history', 'export', ...argv)).toMatchObject({code: 2, out: ''});
  }
  expect((await run('history', 'export', '--all')).err).toContain('poe: Name the folder to export to\n');
  expect((await run('history', 'export')).err).toContain('poe: Name the chat to export\n');
});

test('an export does not overwrite an index of the user, and remembers each format by itself', async () => {
  const {run, codes, folder} = await withChats();
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.md'), 'my own notes');
  const {code, err} = await run('history', 'export', '--all', folder);
  expect({code, err}).toEqual({
    code: 2,
    err: `poe: ${folder} has an index.md that poe did not write\n     Choose another folder.\n`,
  });
  expect(filesIn(folder)).toEqual(['index.md']);
  rmSync(join(folder, 'index.md'));
  await run('history', 'export', '--all', folder);
  await run('history', 'export', '--all', folder, '--format', 'html', '--no-images');
  await run('title', codes[0] ?? '', 'Another title');
  for (const format of ['md', 'html']) await run('history', 'export', '--all', folder, '--format', format);
  expect(filesIn(folder).filter((name) => name.endsWith('.md'))).toHaveLength(3);
  expect(filesIn(folder).filter((name) => name.endsWith('.html'))).toHaveLength(3);
  expect(read(folder, `about-lisbon-東京-${codes[0]}.html`)).toContain('Another title');
});

test('pages that were exported without images get them', async () => {
  const {run, sandbox} = await withSandbox();
  for (const chat of sandbox.world.chats) sandbox.world.removeChat(chat);
  await run('send', '-b', 'Sandbox-Image', 'a cat');
  const folder = temporaryFolder();
  const page = async (...argv: string[]) => {
    await run('history', 'export', '--all', folder, '--format', 'html', ...argv);
    return read(folder, filesIn(folder).find((name) => name.startsWith('a-cat')) ?? '');
  };
  expect(await page('--no-images')).not.toContain('<img');
  expect(await page()).toContain('<img');
  expect(await page('--no-images')).not.toContain('<img');
});

test('an export that cannot list the chats writes nothing', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'history'}, {status: 429, headers: {'Retry-After': '90'}});
  const folder = join(temporaryFolder(), 'all');
  expect((await run('history', 'export', '--all', folder)).code).toBe(5);
  expect(existsSync(join(folder, 'index.md'))).toBe(false);
});

test('images that Poe serves are part of an exported page', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Image', 'a cat');
  const page = (await run('history', 'export', 'last', '--format', 'html')).out;
  expect(page).toMatch(/<img src="data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]{50,}" alt="/);
  expect(page.match(/<img /g)).toHaveLength(1);
  const linked = (await run('history', 'export', 'last', '--format', 'html', '--no-images')).out;
  expect(linked).not.toContain('<img');
  expect(linked).toContain('<a href="http');
});
