import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {Archive} from '../../../src/store/archive/archive.js';
import {temporaryFolder} from '../../support/harness.js';

test('an archive of the first version keeps its chats, and learns whose they are at the next sync', async () => {
  const path = join(temporaryFolder(), 'chats.db');
  // Written by the first version of poe that had an archive: two chats with four messages, of which one is deleted.
  writeFileSync(path, gunzipSync(readFileSync('test/fixtures/archive-version-1.db.gz')));
  const archive = await Archive.open({path, onDamaged: () => expect.unreachable()});
  expect(archive.counts()).toEqual({chats: 2, deleted: 0, messages: 4});
  expect([...archive.search(['strasse'])]).toMatchObject([{chat: {title: 'Chat 1'}, message: {messageId: 2}}]);
  expect([...archive.search(['京'])]).toMatchObject([{chat: {title: 'Chat 2'}, message: {messageId: 4}}]);
  expect([...archive.messages('code2')].map(({messageId, deleted}) => [messageId, deleted])).toEqual([
    [4, null],
    [3, '2026-03-03T00:00:00.000Z'],
  ]);
  expect(archive.lastSync({isFull: true})).toBe('2026-03-03T00:00:00.000Z');
  const isOfAda = (_code: string, account: string | null) => account === 'ada';
  expect(archive.missingChats(new Set(), isOfAda)).toEqual([]);
  const [first] = archive.chats();
  if (first) archive.seeAll([first], 'ada');
  expect(archive.missingChats(new Set(), isOfAda)).toHaveLength(1);
  expect(await archive.check()).toBeUndefined();
  archive.close();
});
