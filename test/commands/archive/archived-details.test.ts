import {once} from 'node:events';
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {dirname, join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* Files of messages, and the fields that Poe sends besides the text. */

const lines = (text: string) => text.trimEnd().split('\n').filter(Boolean);

/** The path of the picture of the newest chat. */
function pathOfPicture({
  world,
}: {
  world: {chats: readonly {messages: readonly {attachments: readonly {url: string}[]}[]}[]};
}) {
  const [picture] = world.chats[0]?.messages.at(-1)?.attachments ?? [];
  return new URL(picture?.url ?? '').pathname;
}

async function withFewChats() {
  const setup = await withSandbox();
  const {world} = setup.sandbox;
  for (const chat of world.chats.slice(2)) world.removeChat(chat);
  const json = async (...argv: string[]) => JSON.parse((await setup.run(...argv, '--json')).out);
  const asked = (part: string) => setup.sandbox.requests.filter(({path}) => path.includes(part)).length;
  return {...setup, world, json, asked};
}

test('sync --files copies each attachment and image once, for their owner only, and exported pages use the copies', async () => {
  const {run, sandbox, configDir, world, json, asked} = await withFewChats();
  const notes = join(temporaryFolder(), 'notes.txt');
  writeFileSync(notes, 'A private note.');
  await run('send', '-b', 'Sandbox-Files', '-f', notes, 'read this');
  await run('send', '-b', 'Sandbox-Image', 'a lake');
  await run('send', '-b', 'Sandbox-Image', 'the same lake');
  await run('send', '-b', 'Sandbox-Echo', '![a tracker](https://tracker.example/pixel.png)');
  expect((await json('sync')).files).toBe(0);
  // The picture has the same URL in both chats.
  expect((await run('sync', '--files')).out).toBe('Copied 2 files\n');
  const folder = join(
    configDir,
    'archive',
    readdirSync(join(configDir, 'archive')).find((name) => name.endsWith('.files')) ?? '',
  );
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  expect(files).toHaveLength(2);
  for (const path of files) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(files.map((path) => readFileSync(path, 'utf8'))).toContain('A private note.');
  const pictures = asked('/base/image/');
  expect((await json('sync', '--files', '--full')).files).toBe(0);
  const pages = temporaryFolder();
  expect((await run('history', 'export', '--all', pages, '--format', 'html')).err).toMatch(/^1 image is not on Poe/);
  expect(asked('/base/image/')).toBe(pictures);
  expect(
    readdirSync(pages).filter(
      (name) => name.endsWith('.html') && readFileSync(join(pages, name), 'utf8').includes('<img src="data:image/png'),
    ),
  ).toHaveLength(2);
  const texts = join(temporaryFolder(), 'a folder');
  await run('history', 'export', '--all', texts);
  expect(readdirSync(join(texts, 'files')).map((name) => name.slice(12))).toContain('-notes.txt');
  const written = readdirSync(texts, {withFileTypes: true}).flatMap(({name}) =>
    name.endsWith('.md') ? readFileSync(join(texts, name), 'utf8') : [],
  );
  const copies = written.flatMap((text) => [...text.matchAll(/\]\(<?(files\/[^)>]+)/g)]).map(([, path = '']) => path);
  expect(new Set(copies).size).toBe(2);
  for (const path of copies)
    expect(files.map((file) => readFileSync(file))).toContainEqual(readFileSync(join(texts, path)));
  expect(written.filter((text) => /\/(?:base\/image|attachments)\//.test(text))).toEqual([]);
  expect((await run('history', 'export', '--all', texts)).out).toMatch(/^Exported 0 of/);
  const jsonFolder = temporaryFolder();
  await run('history', 'export', '--all', jsonFolder, '--format', 'json');
  const exported = readdirSync(jsonFolder).find((name) => name.startsWith('a-lake'));
  const parsed = JSON.parse(readFileSync(join(jsonFolder, exported ?? ''), 'utf8'));
  const [[url, path] = []] = Object.entries(parsed.files);
  expect(parsed.messages.flatMap(({attachments}: {attachments: object[]}) => attachments)).toContainEqual(
    expect.objectContaining({url}),
  );
  expect(readdirSync(join(jsonFolder, 'files'))).toContain(String(path).replace('files/', ''));
  expect(sandbox.requests.filter(({path: asked}) => asked.includes('tracker'))).toEqual([]);
  // Pages link to files that are no images.
  const page = readdirSync(pages).find((name) => name.startsWith('read-this')) ?? '';
  const [, link = ''] = /<a href="(files\/[^"]+-notes\.txt)">/.exec(readFileSync(join(pages, page), 'utf8')) ?? [];
  expect(readFileSync(join(pages, link), 'utf8')).toBe('A private note.');
  expect(readdirSync(join(pages, 'files'))).toHaveLength(1);
  const code = parsed.chat.chatCode;
  const single = join(temporaryFolder(), 'a lake (1).md');
  expect((await run('history', 'export', code, '-o', single)).err).toMatch(
    /^Copied 1 file to .*a lake \(1\)-files\.\n$/,
  );
  expect(statSync(single).mode & 0o777).toBe(0o600);
  const [, copy = ''] = /\]\(<?(a%20lake%20%281%29-files\/[^)>]+)/.exec(readFileSync(single, 'utf8')) ?? [];
  expect(files.map((file) => readFileSync(file))).toContainEqual(
    readFileSync(join(dirname(single), decodeURIComponent(copy))),
  );
  // The extension decides the format.
  const html = join(dirname(single), 'lake.html');
  expect(await run('history', 'export', code, '-o', html)).toEqual({code: 0, out: '', err: ''});
  expect(readFileSync(html, 'utf8')).toContain('<img src="data:image/png');
  expect((await run('history', 'export', code, '--no-images', '-o', join(dirname(single), 'b.HTML'))).code).toBe(0);
  expect(readFileSync(join(dirname(single), 'b.HTML'), 'utf8')).toMatch(/<a href="b-files\//);
  expect(await json('archive')).toMatchObject({files: {count: 2, bytes: expect.any(Number)}});
  writeFileSync(files[0] ?? '', 'damaged');
  const damaged = await run('archive', 'check');
  expect(damaged).toMatchObject({code: 1, out: ''});
  expect(damaged.err).toContain('1 file is missing or damaged');
  expect((await run('sync', '--files')).out).toBe('Copied 1 file\n');
  expect((await run('archive', 'check')).code).toBe(0);
  expect(world.chats).toHaveLength(6);
});

test('a file that Poe does not have is reported, and not requested again', async () => {
  const {run, world, asked} = await withFewChats();
  const message = world.chats[0]?.messages.at(-1);
  await run('send', '-b', 'Sandbox-Image', 'a lake');
  const [picture] = world.chats[0]?.messages.at(-1)?.attachments ?? [];
  if (message && picture) {
    message.attachments = [{...picture, url: picture.url.replace(/\/base\/.*/, '/attachments/0-1/gone.txt')}];
  }
  const {out, err} = await run('sync', '--files');
  expect(out).toMatch(/^Copied 3 chats with \d+ new messages and 1 file\n$/);
  expect(err).toBe('1 file could not be copied: Poe does not have it now, or it is too large.\n');
  expect(asked('gone.txt')).toBe(1);
  expect(await run('sync', '--files')).toMatchObject({out: 'No chats have changed\n', err: ''});
  expect(asked('gone.txt')).toBe(1);
});

test('a sync stops when Poe limits the number of files, and says when to go on', async () => {
  const {run, sandbox} = await withFewChats();
  await run('send', '-b', 'Sandbox-Image', 'a lake');
  sandbox.faults.respondAlways({path: pathOfPicture(sandbox)}, {status: 429, headers: {'retry-after': '90'}});
  const {code, err} = await run('sync', '--files');
  expect(code).toBe(5);
  expect(err).toMatch(/^poe: Rate limited by \S+ \(HTTP 429\)\n {5}Try again in 90 seconds\.\n$/);
  sandbox.faults.clear();
  expect((await run('sync', '--files')).out).toBe('Copied 1 file\n');
});

test('a file is not copied from a server to which Poe redirects', async () => {
  const {run, sandbox} = await withFewChats();
  let requests = 0;
  const other = createServer((_request, response) => {
    requests += 1;
    response.end('not a picture');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await run('send', '-b', 'Sandbox-Image', 'a lake');
  const headers = {location: `http://127.0.0.1:${port}/tracker`};
  sandbox.faults.respondAlways({path: pathOfPicture(sandbox)}, {status: 302, headers});
  expect((await run('sync', '--files')).err).toMatch(/^1 file could not be copied/);
  expect(requests).toBe(0);
});

test('pins, members, edits, references, costs and the sources of a reply are copied', async () => {
  const {run, world, sandbox} = await withFewChats();
  const [chat] = world.chats;
  if (chat) {
    chat.isPinned = true;
    chat.members = [chat.bot, ...world.people.slice(0, 1)];
    const [first] = chat.messages;
    if (first) first.isEdited = true;
  }
  const sent = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Sources', 'Is tea healthy?')).out);
  await run('send', '-c', sent.chat.chatCode, '--reply-to', String(sent.botMessage.messageId), 'and coffee?');
  await run('sync');
  const asked = () => sandbox.requests.filter(({queryName}) => queryName === 'MessageCitationSourceModalQuery').length;
  expect(asked()).toBe(2);
  await run('sync', '--full');
  expect(asked()).toBe(2);
  const hits = lines((await run('search', '--json', '--regex', '.', '-n', '99')).out).map((line) => JSON.parse(line));
  const pinned = hits.filter(({chat: {isPinned}}) => isPinned);
  expect(pinned[0].chat.members).toEqual([chat?.bot.displayName, world.people[0]?.handle]);
  expect(pinned.filter(({message}) => message.isEdited)).toHaveLength(1);
  const own = hits.filter(({chat: {chatCode}}) => chatCode === sent.chat.chatCode);
  expect(own.map(({message}) => message.referencedMessageId)).toContain(sent.botMessage.messageId);
  const source = {
    title: 'Source 1',
    url: 'https://source-1.example/Is%20tea%20healthy%3F',
    text: 'What source 1 says about Is tea healthy?',
  };
  expect(own.at(-2).message).toMatchObject({points: 2, hasCitations: true, citations: [source, {title: 'Source 2'}]});
  const markdown = (await run('history', 'export', sent.chat.chatCode)).out;
  expect(markdown).toContain(`1. [Source 1](${source.url})\n2. [Source 2](`);
  const page = (await run('history', 'export', sent.chat.chatCode, '--format', 'html')).out;
  expect(page).toContain(`<li><a href="${source.url}" rel="noopener noreferrer nofollow"><bdi>Source 1</bdi></a></li>`);
  expect(page).toContain('<small>2 points</small>');
  const pages = temporaryFolder();
  await run('history', 'export', '--all', pages);
  const front = readdirSync(pages)
    .map((name) => readFileSync(join(pages, name), 'utf8'))
    .find((text) => text.includes('\npinned: true\n'));
  expect(front).toMatch(/\nmembers: \["/);
  expect(front).toMatch(/\n## You · [^\n]+ · edited\n/);
});

test('a full sync with another account leaves the chats of the first one as they are', async () => {
  const {run, world, json} = await withFewChats();
  await run('sync');
  const before = world.viewer.uid;
  world.viewer.uid = 12_345;
  for (const chat of world.chats) world.removeChat(chat);
  await run('send', '-b', 'Sandbox-Echo', 'hello from the other account');
  expect((await json('sync', '--full')).chats).toMatchObject({new: 1, deleted: 0});
  expect(await json('archive')).toMatchObject({chats: 3, deleted: 0});
  world.viewer.uid = before;
  for (const chat of world.chats) world.removeChat(chat);
  expect((await json('sync', '--full')).chats).toMatchObject({new: 0, deleted: 2});
});

test('chats are copied even if Poe does not say whose they are', async () => {
  const {run, sandbox, json} = await withFewChats();
  sandbox.faults.respondAlways({operation: 'settings'}, 'server-error');
  expect((await run('sync')).out).toMatch(/^Copied 2 chats/);
  for (const chat of sandbox.world.chats) sandbox.world.removeChat(chat);
  expect((await json('sync', '--full')).chats).toMatchObject({deleted: 0});
});

test('history stats counts the points that poe has recorded with an API key', async () => {
  const {run, sandbox} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  await run('sync');
  await run('usage');
  const [line] = lines((await run('history', 'stats', '--json')).out);
  expect(JSON.parse(line ?? '')).toMatchObject({name: 'Sandbox-Echo', messages: 2, points: expect.any(Number)});
  expect(sandbox.requests.length).toBeGreaterThan(0);
});
