import {readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {stripVTControlCharacters} from 'node:util';
import {expect, onTestFinished, test} from 'vitest';
import {operationName, operationsOf, temporaryFolder, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

/** A sandbox with four chats on Poe and one about Lisbon. */
async function withChats() {
  const setup = await withSandbox();
  const {world} = setup.sandbox;
  for (const chat of world.chats.slice(4)) world.removeChat(chat);
  const {chat} = JSON.parse(
    (await setup.run('send', '--json', '-b', 'Sandbox-Echo', 'The Alfama of LISBON, Straße 7')).out,
  );
  const json = async (...argv: string[]) => JSON.parse((await setup.run(...argv, '--json')).out);
  const requests = () => setup.sandbox.requests.length;
  return {...setup, world, code: String(chat.chatCode), json, requests};
}

const lines = (text: string) => text.trimEnd().split('\n').filter(Boolean);

test('sync copies every chat once, and then only what has changed', async () => {
  const {run, json, code} = await withChats();
  const first = await json('sync');
  expect(first).toMatchObject({
    chats: {new: 5, updated: 0, unchanged: 0, deleted: 0},
    files: 0,
    tookMs: expect.any(Number),
  });
  expect(first.messages).toBeGreaterThan(5);
  expect((await run('sync')).out).toBe('No chats have changed\n');
  await run('send', '-c', code, 'and Porto');
  expect((await run('sync', '--dry-run')).out).toContain(code);
  expect((await run('sync')).out).toBe('Copied 1 chat with 2 new messages\n');
  await run('send', '-c', code, 'and Faro');
  expect(await json('sync')).toMatchObject({chats: {new: 0, updated: 1, unchanged: 4, deleted: 0}, messages: 2});
  expect((await run('archive', 'check')).out).toBe('The archive is intact\n');
  const size = await json('archive', 'size');
  expect(size).toMatchObject({chats: 5, deleted: 0, messages: first.messages + 4});
  expect(await json('archive')).toEqual(size);
  expect(await json('archive', 'check')).toEqual({ok: true, problems: []});
  expect(await json('archive', 'vacuum')).toEqual({bytes: expect.any(Number), before: expect.any(Number)});
});

test('search finds words in any letter case, with and without accents, newest first', async () => {
  const {run, code} = await withChats();
  await run('sync');
  const found = async (...argv: string[]) => lines((await run('search', ...argv)).out).map((line) => line.split('\t'));
  const hits = await found('lisbon', 'strasse');
  expect(hits.map(([chat, , , from]) => [chat, from])).toEqual([
    [code, 'Sandbox-Echo'],
    [code, 'You'],
  ]);
  expect(hits[0]?.[4]).toBe('The Alfama of LISBON, Straße 7');
  expect(await found('--role', 'user', 'alfama')).toHaveLength(1);
  expect(await found('--bot', 'sandbox-echo', 'alfama')).toHaveLength(2);
  expect(await found('--bot', 'gpt-4o', 'alfama')).toEqual([]);
  expect(await found('alfama of', '-n', '1')).toHaveLength(1);
  expect(await found('alfama lisbon of')).toEqual([]);
  expect(await found('--regex', String.raw`straße \d`)).toHaveLength(2);
  expect(await found('--since', '1h', 'alfama')).toEqual([]);
});

test('search says when the archive is empty or old, and what is wrong with a pattern', async () => {
  const {run} = await withChats();
  expect(await run('search', 'lisbon')).toEqual({
    code: 0,
    out: '',
    err: 'The archive is empty. To copy your chats: poe sync\n',
  });
  await run('sync');
  expect((await run('search', 'nowhere')).err).toBe('No messages were found.\n');
  const invalid = await run('search', '--regex', '(');
  expect(invalid).toMatchObject({code: 2, out: ''});
  expect(invalid.err).toContain('Invalid regular expression: Unterminated group\n');
  expect(await run('search', ' ')).toMatchObject({code: 2, out: ''});
});

test('--dry-run and search create no archive', async () => {
  const {run, configDir} = await withSandbox({chats: [{title: 'Tea', texts: ['Which tea?']}]});
  expect((await run('sync', '--dry-run')).out).toContain('Tea');
  expect(await run('search', 'tea')).toMatchObject({
    code: 0,
    err: 'The archive is empty. To copy your chats: poe sync\n',
  });
  expect(readdirSync(configDir)).not.toContain('archive');
});

test('a mark that belongs to no letter is not found everywhere', async () => {
  const {run} = await withSandbox({chats: [{title: 'Tea', texts: ['Which tea?']}]});
  await run('sync');
  expect(await run('search', '\u0301')).toMatchObject({code: 2, out: ''});
});

test('a phrase is found on two lines, and its words in their order only', async () => {
  const {run, sandbox, configDir} = await withSandbox({
    chats: [{title: 'Tea', texts: ['Drink\n  green\r\ntea.', 'x y\nz']}],
  });
  await run('sync');
  expect((await run('search', 'green tea')).out).toContain('Drink green tea.');
  expect((await run('search', 'y  z')).out).toContain('x y z');
  expect((await run('search', 'tea green')).out).toBe('');
  const {out} = await runOnTerminal(['search', 'green tea'], {
    ...sandbox.env,
    POE_CONFIG_DIR: configDir,
    FORCE_COLOR: '1',
  });
  expect(out).toMatch(/\u001B\[1mgreen tea\u001B/);
});

test.each(['PythonTutor', 'python tutor', 'Python-Tutor'])(
  'search finds messages of a bot by its handle or name: %s',
  async (bot) => {
    const {run} = await withSandbox({chats: [{title: 'Tea', texts: ['Which snake?']}]});
    await run('send', '-b', 'PythonTutor', 'a snake');
    await run('sync');
    expect(lines((await run('search', '--bot', bot, '--role', 'user', 'snake')).out)).toHaveLength(1);
  },
);

// Copying the text for each of its spaces took 35 seconds.
test('a word at the end of a long message is found without delay', {timeout: 15_000}, async () => {
  const {run} = await withSandbox({chats: [{title: 'Log', texts: [`${'word '.repeat(100_000)}needle`]}]});
  await run('sync');
  expect((await run('search', 'needle')).out).toContain('word needle\n');
});

test('in a regular expression, ^ and $ are the start and the end of a line', async () => {
  const {run} = await withSandbox({chats: [{title: 'Log', texts: ['first line\nERROR 7\nlast line']}]});
  await run('sync');
  expect((await run('search', '--regex', String.raw`^error \d+$`)).out).toContain('ERROR 7');
});

test('after a sync of some chats only, search says so', async () => {
  const {run} = await withChats();
  await run('sync', '--bot', 'Sandbox-Echo');
  const {out, err} = await run('search', 'alfama');
  expect(lines(out)).toHaveLength(2);
  expect(err).toBe('Only some of your chats have been copied. To copy all: poe sync\n');
});

test('on a terminal, messages are wrapped at words below the title of their chat', async () => {
  const {run, code, sandbox, configDir} = await withChats();
  await run('title', code, 'A journey');
  await run('sync');
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const {out} = await runOnTerminal(['search', 'alfama'], env, {columns: 40});
  const [title, ...rows] = out.trimEnd().split('\n');
  expect(title).toBe(`A journey ${code}`);
  expect(rows.filter((row) => row.length > 40 || !row.startsWith('  '))).toEqual([]);
  const messages = rows
    .join('\n')
    .replaceAll(/\n {4}/g, ' ')
    .split('\n');
  expect(messages).toEqual(
    ['Sandbox-Echo', 'You'].map((name) =>
      expect.stringMatching(RegExp(`^  ${name} · .* The Alfama of LISBON, Straße 7$`)),
    ),
  );
});

test('a regular expression that would take for ever is stopped', async () => {
  const {run, code} = await withChats();
  await run('send', '-c', code, `${'a'.repeat(60)}!`);
  await run('sync');
  const {err, ...outcome} = await run('search', '--regex', '^(a+)+$');
  expect(outcome).toEqual({code: 2, out: ''});
  expect(err).toContain('poe: The regular expression takes too long\n');
});

test('a hit in JSON has the whole message and its chat', async () => {
  const {run, code} = await withChats();
  await run('sync');
  const [line = ''] = lines((await run('search', '--json', 'alfama')).out);
  expect(JSON.parse(line)).toMatchObject({
    chat: {chatCode: code},
    messageId: expect.any(Number),
    role: expect.stringMatching(/^(user|bot)$/),
    time: expect.stringMatching(/^2/),
    message: {text: 'The Alfama of LISBON, Straße 7', state: 'complete', attachments: []},
    deleted: null,
    snippet: 'The Alfama of LISBON, Straße 7',
    parts: {before: 'The ', match: 'Alfama', after: ' of LISBON, Straße 7'},
  });
});

test('chats and messages that are deleted on Poe stay in the archive, marked', async () => {
  const {run, json, code, world} = await withChats();
  await run('sync');
  await run('send', '-c', code, 'second');
  await run('sync');
  const chat = world.chats.find((each) => each.code === code);
  await run('delete-messages', code, String(chat?.messages.at(-1)?.messageId));
  await run('send', '-c', code, 'third');
  await run('sync');
  const deleted = lines((await run('search', '--json', 'second', '--role', 'bot')).out).map((line) => JSON.parse(line));
  expect(deleted).toMatchObject([{deleted: expect.stringMatching(/^2/)}]);
  await run('delete-chat', '--yes', code);
  expect(await json('sync', '--full')).toMatchObject({chats: {new: 0, updated: 0, deleted: 1}, messages: 0});
  expect(lines((await run('search', 'alfama')).out)).toHaveLength(2);
  expect(await json('archive', 'size')).toMatchObject({chats: 5, deleted: 1});
});

test('a chat that is used while all chats are listed is copied, and not taken for a deleted one', async () => {
  const chats = Array.from({length: 90}, (_, number) => ({title: `Chat ${number}`, texts: ['a question']}));
  const {run, sandbox} = await withSandbox({chats, latencyMs: 10});
  const {world, requests} = sandbox;
  await run('sync');
  const [newest, oldest] = [world.chats[0], world.chats.at(-1)];
  if (!newest || !oldest) throw new Error('There are no chats');
  newest.isPinned = true;
  const lists = () => requests.filter(({queryName}) => /^ChatHistoryList/i.test(queryName ?? '')).length;
  const before = lists();
  const syncing = run('sync', '--full', '--json');
  // The second page may still have the chat, but not the one after it.
  await expect.poll(lists, {interval: 0}).toBeGreaterThan(before);
  world.addMessage(oldest, {text: 'a message in the middle of the list', bot: null});
  expect(JSON.parse((await syncing).out)).toMatchObject({chats: {updated: 1, deleted: 0}, messages: 1});
  expect((await run('search', 'in the middle', '--json')).out).toContain('"deleted":null');
  world.removeChat(oldest);
  expect(JSON.parse((await run('sync', '--full', '--json')).out)).toMatchObject({chats: {deleted: 1}});
});

test.each(['2026-08', '2025-03'] as const)('a reply that was being written is copied again (site %s)', async (site) => {
  const {run, sandbox} = await withSandbox({chats: [{title: 'Tea', texts: ['Which tea?', 'Green tea.']}], site});
  const {world} = sandbox;
  const [chat] = world.chats;
  if (!chat) throw new Error('There is no chat');
  const folder = temporaryFolder();
  const reply = world.addMessage(chat, {text: 'Half of', bot: chat.bot, state: 'incomplete'});
  await run('sync');
  await run('history', 'export', '--all', folder);
  // The time of the chat stays the same.
  Object.assign(reply, {text: 'Half of it was missing.', state: 'complete'});
  expect((await run('sync')).out).toBe('Copied 1 chat with 1 new message\n');
  expect((await run('search', 'half')).out).toContain('Half of it was missing.');
  expect((await run('sync')).out).toBe('No chats have changed\n');
  expect((await run('history', 'export', '--all', folder)).out).toMatch(/^Exported 1 of 1 /);
  expect((await run('history', 'export', '--all', folder)).out).toMatch(/^Exported 0 of 1 /);
});

test('a reply that never ends does not keep a sync or an export from being quick', async () => {
  const {run, sandbox} = await withSandbox({chats: [{title: 'Tea', texts: ['Which tea?']}]});
  const {world} = sandbox;
  const [chat] = world.chats;
  if (chat) world.addMessage(chat, {text: 'Green', bot: chat.bot, state: 'incomplete'});
  await run('sync');
  await run('sync');
  expect((await run('sync')).out).toBe('No chats have changed\n');
  const folder = temporaryFolder();
  const page = operationName('chatPage', sandbox.site);
  const readings = () => operationsOf(sandbox).filter((operation) => operation === page).length;
  await run('history', 'export', '--all', folder);
  await run('history', 'export', '--all', folder);
  expect(readings()).toBe(4);
  await run('history', 'export', '--all', folder);
  expect(readings()).toBe(4);
});

test('a new title is stored, and a chat that changed is copied again from where it is known', async () => {
  const {run, code} = await withChats();
  await run('sync');
  await run('title', code, 'A journey');
  await run('sync', '--full');
  const [line = ''] = lines((await run('search', '--json', 'alfama')).out);
  expect(JSON.parse(line).chat.title).toBe('A journey');
});

test('only chats with a bot, or used since a time, are copied', async () => {
  const {run, json, code} = await withChats();
  expect(lines((await run('sync', '--dry-run', '--bot', 'Sandbox-Echo')).out)).toHaveLength(1);
  expect(await json('sync', '--bot', 'Sandbox-Echo')).toMatchObject({chats: {new: 1}});
  const {chat} = JSON.parse((await run('history', 'export', code, '--json')).out);
  expect(await json('sync', '--since', String(chat.lastInteractionTime))).toMatchObject({chats: {new: 0, updated: 0}});
  expect(await json('sync')).toMatchObject({chats: {new: 4, deleted: 0}});
});

test('chats on this machine are copied too, and survive a login that ends', async () => {
  const {run, configDir, env} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'on this machine');
  expect((await run('sync')).out).toBe('Copied 1 chat with 2 new messages\n');
  expect(lines((await run('search', '機')).out)).toEqual([]);
  expect(lines((await run('search', 'on this machine')).out)).toHaveLength(2);
  expect(env).toHaveProperty('POE_API_KEY');
  const [database = ''] = readdirSync(join(configDir, 'archive'));
  expect(statSync(join(configDir, 'archive', database)).mode & 0o777).toBe(0o600);
});

test('no message of an imported chat counts as deleted because of its time', async () => {
  const {run} = await withKey();
  const days = [9, 3, 8, 2, 7, 1, 6, 5, 4, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10];
  const messages = days.map((day, index) => ({
    author: index % 2 === 0 ? 'human' : 'bot',
    text: `message ${index}`,
    creationTime: new Date(Date.UTC(2026, 0, day)).toISOString(),
  }));
  const file = join(temporaryFolder(), 'chat.json');
  writeFileSync(
    file,
    JSON.stringify({chat: {chatCode: 'abc', chatId: 1, title: 'Days', bot: 'Sandbox-Echo'}, messages}),
  );
  await run('history', 'import', file);
  await run('sync');
  await run('send', '-c', 'last', 'message 20');
  expect((await run('sync')).out).toBe('Copied 1 chat with 2 new messages\n');
  const found = lines((await run('search', 'message', '--json', '-n', '100')).out).map((line) => JSON.parse(line));
  expect(found).toHaveLength(22);
  expect(found.filter(({deleted}) => deleted !== null)).toEqual([]);
});

test('a damaged archive is set aside, and the next sync copies everything again', async () => {
  const {run, configDir} = await withChats();
  await run('sync');
  const path = (await run('archive', 'path')).out.trimEnd();
  rmSync(`${path}-wal`, {force: true});
  writeFileSync(path, 'This is not a database. '.repeat(300));
  const {code, err, out} = await run('sync');
  expect(code).toBe(0);
  expect(err).toContain('The archive was damaged, and is now at ');
  expect(out).toMatch(/^Copied 5 chats/);
  expect(readdirSync(join(configDir, 'archive')).some((name) => name.includes('.damaged-'))).toBe(true);
});

test('two syncs at once copy nothing twice', async () => {
  const {run, json} = await withChats();
  const outcomes = await Promise.all([run('sync'), run('sync')]);
  const texts = outcomes.map(({out, err}) => out + err).toSorted();
  // The second one waits half a second for the first.
  expect(texts[0]).toMatch(/^Copied 5 chats/);
  expect(texts[1]).toMatch(/^No chats have changed|^poe: Another poe sync is running/);
  expect(await json('archive', 'size')).toMatchObject({chats: 5});
  expect((await run('sync')).out).toBe('No chats have changed\n');
});

test('an interrupted sync keeps what it has copied, and continues with the rest', async () => {
  const {run, runWith, sandbox} = await withSandbox();
  for (const chat of sandbox.world.chats.slice(60)) sandbox.world.removeChat(chat);
  const stop = new AbortController();
  const syncing = runWith({signal: stop.signal}, 'sync');
  const read = () => sandbox.requests.filter(({queryName}) => /^chatPage/i.test(queryName ?? '')).length;
  await expect.poll(read, {interval: 1}).toBeGreaterThan(2);
  stop.abort();
  expect((await syncing).code).toBe(130);
  const {chats} = JSON.parse((await run('sync', '--json')).out);
  expect(chats.new).toBeGreaterThan(0);
  expect(chats.new).toBeLessThan(60);
  expect(JSON.parse((await run('archive', 'size', '--json')).out)).toMatchObject({chats: 60});
  expect((await run('archive', 'check')).code).toBe(0);
});

test('a sync stops when Poe wants fewer requests, and says when to go on', async () => {
  const {run, sandbox} = await withChats();
  sandbox.faults.respondAlways({operation: 'chatPage'}, {status: 429, headers: {'Retry-After': '90'}});
  const {code, err} = await run('sync');
  expect(code).toBe(5);
  expect(err).toContain('90 seconds');
  sandbox.faults.clear();
  expect((await run('sync')).out).toMatch(/^Copied 5 chats/);
});

test('history stats counts chats, messages and words by bot and month', async () => {
  const {run, json} = await withChats();
  await run('sync');
  expect(lines((await run('history', 'stats')).out)).toContain('Sandbox-Echo\t1\t2\t12\t2');
  const months = lines((await run('history', 'stats', '--by', 'month')).out);
  expect(months[0]).toMatch(/^20\d\d-\d\d\t\d+\t\d+\t\d+\t\d+$/);
  expect(await json('history', 'stats', '--since', '2100-01-01').catch(() => [])).toEqual([]);
  expect(await run('history', 'stats', '--since', '2026-02-30')).toMatchObject({code: 2, out: ''});
});

test.each([
  ['America/Los_Angeles', ['2026-02', '2026-01']],
  ['Asia/Tokyo', ['2026-03', '2026-02']],
])('months of history stats begin by the clock of this machine: %s', async (zone, months) => {
  const {run, sandbox} = await withSandbox({chats: [{title: 'Tea', texts: []}]});
  const [chat] = sandbox.world.chats;
  for (const time of ['2026-02-01T03:00:00Z', '2026-02-28T22:00:00Z']) {
    sandbox.world.timeUs = Date.parse(time) * 1000;
    if (chat) sandbox.world.addMessage(chat, {text: 'Green tea', bot: chat.bot});
  }
  await run('sync');
  process.env['TZ'] = zone;
  onTestFinished(() => void delete process.env['TZ']);
  const rows = lines((await run('history', 'stats', '--by', 'month')).out).map((line) => line.split('\t'));
  expect(rows.map(([month, , messages, words]) => [month, messages, words])).toEqual(
    months.map((month) => [month, '1', '2']),
  );
  expect(rows.every(([, , , , points]) => Number(points) > 0)).toBe(true);
  const since = lines((await run('history', 'stats', '--by', 'month', '--since', `${months[0]}-01`)).out);
  expect(since.map((line) => line.split('\t')[0])).toEqual(months.slice(0, 1));
});

test.each([40, 80])('history stats has a chart on a terminal with %i columns', async (columns) => {
  const {run, sandbox, configDir} = await withSandbox({chats: [{title: 'Tea', texts: ['Which tea?', 'Green tea.']}]});
  await run('sync');
  const {out} = await runOnTerminal(['history', 'stats'], {...sandbox.env, POE_CONFIG_DIR: configDir}, {columns});
  expect(out).toMatch(/█{8,}\n/);
  expect(out).toContain('Points');
  expect(Math.max(...lines(stripVTControlCharacters(out)).map((line) => line.length))).toBeLessThanOrEqual(columns);
});

test('vacuum keeps every message', async () => {
  const {run} = await withChats();
  await run('sync');
  expect((await run('archive', 'vacuum')).code).toBe(0);
  expect(lines((await run('search', 'alfama')).out)).toHaveLength(2);
  expect((await run('archive', 'check')).code).toBe(0);
});

test('the archive of a folder that cannot be written is reported', async () => {
  const {runWith} = await withChats();
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const {code, err} = await runWith({env: {POE_CONFIG_DIR: file}}, 'sync');
  expect(code).not.toBe(0);
  expect(err).toMatch(/^poe: /);
});
