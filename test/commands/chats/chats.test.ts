import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from '../../support/harness.js';

async function withJson() {
  const setup = await withSandbox();
  const json = async (...argv: string[]) => {
    const {code, out, err} = await setup.run(...argv, '--json');
    expect({argv, code, err}).toEqual({argv, code: 0, err: ''});
    return out.trimEnd() === ''
      ? []
      : out
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
  };
  const newest = setup.sandbox.world.chats[0];
  if (!newest) throw new Error('the sandbox has no chats');
  return {...setup, json, newest};
}

test('history lists the newest chats, one per line, and requests only the pages it shows', async () => {
  const {run, json, sandbox} = await withJson();
  const chats = await json('history', '-n', '60');
  expect(chats.map(({chatId}) => chatId)).toEqual(sandbox.world.chats.slice(0, 60).map(({chatId}) => chatId));
  expect(chats[0]).toEqual({
    id: expect.any(String),
    chatId: expect.any(Number),
    chatCode: expect.any(String),
    title: expect.any(String),
    bot: expect.any(String),
    lastInteractionTime: expect.stringMatching(/^2025-03-2\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(operationsOf(sandbox).filter((name) => name === 'ChatHistoryListPaginationQuery')).toHaveLength(2);
  const {out} = await run('history');
  expect(out.trimEnd().split('\n')).toHaveLength(20);
  const [first] = sandbox.world.chats;
  expect(out.split('\n')[0]?.split('\t')).toEqual([
    first?.code,
    first?.title,
    first?.bot.displayName,
    new Date(Number(first?.lastUs) / 1000).toISOString(),
  ]);
});

test('history --all lists every chat once', async () => {
  const {json, sandbox} = await withJson();
  const chats = await json('history', '--all');
  expect(chats).toHaveLength(sandbox.world.chats.length);
  expect(new Set(chats.map(({chatId}) => chatId)).size).toBe(chats.length);
});

test('a page that fails ends the list with an error, after the items before it', async () => {
  const {run, sandbox} = await withJson();
  await run('history', '-n', '1');
  sandbox.faults.respondOnce(
    {operation: 'history'},
    {
      status: 200,
      body: '{"data":{"chats":{"edges":[{"node":{"chatId":1}}],"pageInfo":{"hasNextPage":true,"endCursor":"9"}}}}',
    },
  );
  sandbox.faults.respondAlways({operation: 'history'}, 'server-error');
  const {code, out, err} = await run('history', '--all', '--json');
  expect(code).toBe(1);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(err).error.message).toContain('(after the first 1)');
});

test('history --bot lists the chats with one bot, even if Poe cannot filter them', async () => {
  const {json, run, sandbox, newest} = await withJson();
  const expected = sandbox.world.chats.filter(({bot}) => bot === newest.bot).map(({chatId}) => chatId);
  const handle = newest.bot.handle.toUpperCase();
  expect((await json('history', '--bot', handle, '--all')).map(({chatId}) => chatId)).toEqual(expected);
  sandbox.faults.respondAlways({operation: 'historyOfBot'}, 'server-error');
  expect((await json('history', '--bot', handle, '-n', '3')).map(({chatId}) => chatId)).toEqual(expected.slice(0, 3));
  const {code, err} = await run('history', '--bot', 'gemni-2.0-flash');
  expect(code).toBe(3);
  expect(err).toContain('gemini-2.0-flash');
});

test('history show prints messages oldest first, over several pages', async () => {
  const {json, run, sandbox, newest} = await withJson();
  for (let n = 0; n < 120; n++)
    sandbox.world.addMessage(newest, {text: `line ${n}`, bot: n % 2 === 0 ? null : newest.bot});
  const all = await json('history', 'show', newest.code, '--all');
  expect(all.map(({messageId}) => messageId)).toEqual(newest.messages.map(({messageId}) => messageId));
  const some = await json('history', 'show', String(newest.chatId), '-n', '3');
  expect(some.map(({text}) => text)).toEqual(['line 117', 'line 118', 'line 119']);
  const {out} = await run('history', 'show', newest.code, '-n', '2');
  expect(out).toContain('line 118');
  expect(out.indexOf('line 118')).toBeLessThan(out.indexOf('line 119'));
  expect((await run('history', 'show', 'nope')).code).toBe(3);
});

test('history export writes the whole chat as Markdown, JSON or HTML', async () => {
  const {run, newest} = await withJson();
  const md = await run('history', 'export', newest.code);
  expect(md.out).toMatch(new RegExp(`^# ${newest.title}\n`));
  for (const {text} of newest.messages) expect(md.out).toContain(text);
  const json = JSON.parse((await run('history', 'export', newest.code, '--format', 'json')).out);
  expect(json.chat).toMatchObject({chatId: newest.chatId});
  expect(json.messages.map(({text}: {text: string}) => text)).toEqual(newest.messages.map(({text}) => text));
  const html = (await run('history', 'export', newest.code, '--format', 'html')).out;
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).not.toMatch(/<script|<link|<img/i);
  expect((await run('history', 'export', newest.code, '--format', 'pdf')).code).toBe(2);
});

test('history export -o writes a new file and does not overwrite an existing one', async () => {
  const {run, newest} = await withJson();
  const file = join(temporaryFolder(), 'chat.html');
  expect(await run('history', 'export', newest.code, '--format', 'html', '-o', file)).toEqual({
    code: 0,
    out: '',
    err: '',
  });
  expect(readFileSync(file, 'utf8')).toContain('</html>');
  const again = await run('history', 'export', newest.code, '-o', file);
  expect(again.code).toBe(2);
  expect(again.err).toContain('already exists');
  expect(existsSync(file)).toBe(true);
  const elsewhere = await run('history', 'export', newest.code, '-o', join(file, 'chat.md'));
  expect(elsewhere).toMatchObject({code: 2, err: expect.stringContaining(': its folder does not exist\n')});
  expect((await run('history', 'export', newest.code, '-o', '-')).out).toContain(`# ${newest.title}\n`);
});

test('history search finds titles, and with --messages also text', async () => {
  const {json, run, sandbox} = await withJson();
  const inTitles = sandbox.world.chats.filter(({title}) => title?.toLowerCase().includes('lisbon'));
  expect((await json('history', 'search', 'LISBON')).map(({chatId}) => chatId)).toEqual(
    inTitles.map(({chatId}) => chatId),
  );
  expect((await run('history', 'search', 'There are three points')).out).toBe('');
  const deep = await json('history', 'search', 'There are three points', '--messages', '--among', '4');
  expect(deep).toHaveLength(4);
});

test('title renames a chat permanently', async () => {
  const {json, run, newest} = await withJson();
  const [chat] = await json('title', newest.code, 'A', 'new', 'title');
  expect(chat).toMatchObject({chatId: newest.chatId, chatCode: newest.code, title: 'A new title'});
  expect((await json('history', '-n', '1'))[0].title).toBe('A new title');
  expect((await run('title', newest.code, ' ')).code).toBe(2);
  expect((await run('title', newest.code, 'x'.repeat(1000))).err).toContain('Poe did not set the title');
  expect((await run('title', '4711', 'x')).code).toBe(3);
});

test('after clear-context the bot does not see earlier messages', async () => {
  const {json, run, newest} = await withJson();
  expect(await json('clear-context', String(newest.chatId))).toEqual([{cleared: true}]);
  expect(newest.messages.at(-1)?.text).toBe('');
  const {out} = await run('send', '-c', newest.code, 'hello');
  expect(out).toContain('the first message of this chat');
  expect((await run('clear-context', '4711')).code).toBe(3);
});

test('a cleared context is marked in the history, and the reply before it can be regenerated', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  expect((await run('clear-context', 'last')).code).toBe(0);
  const {out} = await run('history', 'show', 'last');
  expect(out).toMatch(/^## Sandbox-Echo.*\n\nhello\n\n---\n\n\*Context cleared/m);
  expect(out.match(/^## /gm)).toHaveLength(2);
  expect(await run('retry', 'last')).toMatchObject({code: 0, out: 'hello\n'});
});

test('context-optimization can be turned on and off', async () => {
  const {json, run, newest, sandbox} = await withJson();
  expect(await json('context-optimization', newest.code, 'off')).toEqual([{enabled: false}]);
  expect(await json('context-optimization', newest.code, 'on')).toEqual([{enabled: true}]);
  const requests = sandbox.requests.filter(({queryName}) => queryName?.includes('ContextOptimization'));
  expect(requests.map(({variables}) => variables)).toEqual([
    {chatId: newest.chatId, isContextOptimizationOn: false},
    {chatId: newest.chatId, isContextOptimizationOn: true},
  ]);
  expect((await run('context-optimization', newest.code, 'maybe')).code).toBe(2);
});

test('import copies a shared chat', async () => {
  const {json, run, newest} = await withJson();
  const [{url}] = await json('share', newest.code);
  const [chat] = await json('import', url);
  expect(chat.chatId).not.toBe(newest.chatId);
  expect(chat).toMatchObject({chatCode: expect.any(String)});
  const copied = await json('history', 'show', chat.chatCode);
  expect(copied.map(({text}) => text)).toEqual(newest.messages.slice(-2).map(({text}) => text));
  expect((await run('send', '-c', 'last', 'go on')).code).toBe(0);
  expect((await json('import', url.replace(/.*\//, '')))[0].chatId).not.toBe(chat.chatId);
  const unknown = await run('import', 'nosuchshare');
  expect(unknown.code).toBe(3);
  expect(unknown.err).toContain('No shared chat "nosuchshare"');
});

test('delete-chat requires --yes without a terminal', async () => {
  const {json, run, sandbox, newest} = await withJson();
  const [, second] = sandbox.world.chats;
  const refused = await run('delete-chat', newest.code);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('--yes');
  expect(sandbox.world.chat(newest.chatId)).toBeDefined();
  expect(await json('delete-chat', newest.code, String(second?.chatId), '--yes')).toEqual([{deleted: 2}]);
  expect(sandbox.world.chat(newest.chatId)).toBeUndefined();
  expect((await run('history', 'show', newest.code)).code).toBe(3);
  expect((await run('delete-chat', newest.code, '--yes')).code).toBe(3);
});

test('a chat that is named twice is deleted once, and nothing is deleted if one name is wrong', async () => {
  const {run, json, newest, sandbox} = await withJson();
  expect((await run('delete-chat', newest.code, 'nope', '--yes')).code).toBe(3);
  expect(sandbox.world.chat(newest.chatId)).toBeDefined();
  expect(await json('delete-chat', newest.code, String(newest.chatId), '--yes')).toEqual([{deleted: 1}]);
});

test('last does not refer to a deleted chat', async () => {
  const {run} = await withJson();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('delete-chat', 'last', '--yes')).code).toBe(0);
  const {code, err} = await run('send', '-c', 'last', 'more');
  expect(code).toBe(3);
  expect(err).toContain('poe: There is no last chat\n');
});

test('purge deletes every chat and requires --yes without a terminal', async () => {
  const {json, run, sandbox} = await withJson();
  expect((await run('purge')).code).toBe(2);
  expect(sandbox.world.chats).not.toEqual([]);
  expect(await json('purge', '--yes')).toEqual([{purged: true}]);
  expect(sandbox.world.chats).toEqual([]);
  expect(await run('history')).toEqual({code: 0, out: '', err: 'There are no chats.\n'});
});

test('an export of the last chat contains the title that was set after the reply', async () => {
  const {run} = await withJson();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('history', 'export', 'last')).out).toMatch(/^# Count to 2\n/);
});
