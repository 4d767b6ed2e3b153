import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Message} from '../../../src/core/model.js';
import {Archive} from '../../../src/store/archive/archive.js';
import {loadSqlite} from '../../../src/store/database/load-sqlite.js';
import {temporaryFolder} from '../../support/harness.js';
import {chat} from '../../support/archived-chat.js';

const message = {messageId: 7, text: 'Lisbon', creationTime: null, attachments: [], author: 'human'};

/** An archive with a message, after some SQL. */
async function archiveAfter(...statements: string[]) {
  const path = join(temporaryFolder(), 'archive.db');
  const damaged: string[] = [];
  const open = () => Archive.open({path, onDamaged: (target) => damaged.push(target)});
  const first = await open();
  first.add(
    {chat, messages: [message as unknown as Message], isAll: true},
    {account: null, now: '2026-03-02T00:00:00.000Z'},
  );
  first.close();
  const sqlite = (await loadSqlite())(path, {timeout: 1000});
  for (const sql of statements) sqlite.exec(sql);
  sqlite.close();
  return {archive: await open(), open, damaged};
}

test('a message that the index lacks is added by a check', async () => {
  const {archive} = await archiveAfter('DELETE FROM trigrams');
  expect([...archive.search(['lisbon'])]).toEqual([]);
  expect(await archive.check()).toEqual({message: '1 message was missing in the index', repair: 'done'});
  expect([...archive.search(['lisbon'])]).toHaveLength(1);
  expect(await archive.check()).toBeUndefined();
  archive.close();
});

test('an archive in which a check finds damage is set aside', async () => {
  const {archive, open, damaged} = await archiveAfter(
    'PRAGMA writable_schema = ON',
    "UPDATE sqlite_schema SET sql = 'CREATE INDEX chats_by_use ON chats (title)' WHERE name = 'chats_by_use'",
  );
  expect(await archive.check()).toMatchObject({repair: 'set_aside'});
  archive.close();
  expect(damaged).toEqual([]);
  const next = await open();
  expect(damaged).toHaveLength(1);
  expect(next.hasChats()).toBe(false);
  next.close();
});
