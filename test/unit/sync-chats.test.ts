import {expect, test} from 'vitest';
import {Pauses} from '../../src/core/archive/pauses.js';
import {syncChats, type SyncSource} from '../../src/core/archive/sync-chats.js';
import type {SyncOptions, SyncResult} from '../../src/core/archive/archive.js';
import {PoeError} from '../../src/core/errors.js';
import type {Chat} from '../../src/core/model.js';
import {chatName} from '../../src/core/names/chat-ref.js';
import {Archive} from '../../src/store/archive/archive.js';

/* More chats than a sync lists before it stops. */

const chatOf = (number: number, day: number): Chat => ({
  id: `chat ${number}`,
  chatId: number,
  chatCode: `code${number}`,
  title: null,
  bot: null,
  lastInteractionTime: new Date(Date.UTC(2026, 2, day)).toISOString(),
});

/** Reading chats fails after some. */
function sourceOf(chats: readonly Chat[], readable = Number.POSITIVE_INFINITY): SyncSource {
  let count = 0;
  const list = async function* () {
    yield* chats;
  };
  return {
    chats: {
      locations: async () => ({poe: true, local: false}),
      history: list,
      byBot: list,
      read: async (chat) => {
        if (++count > readable) throw new PoeError('rate_limited', 'Rate limited');
        const messages = (async function* () {})();
        return {chat: chat as Chat, messages};
      },
    },
    messages: {citations: async () => []},
    account: async () => 'me',
    isOnPoe: async () => false,
    saveFile: async () => undefined,
  };
}

async function sync(archive: Archive, source: SyncSource, options: SyncOptions = {}): Promise<SyncResult> {
  for await (const event of syncChats(archive, source, new Pauses({isOff: true}), options)) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('The sync did not end');
}

test('a chat that cannot be read does not keep the others from being copied', async () => {
  const archive = await Archive.open({path: ':memory:', onDamaged: () => expect.unreachable()});
  const source = sourceOf(Array.from({length: 8}, (_, number) => chatOf(number, 8 - number)));
  const {read} = source.chats;
  let broken = [2];
  let requests = 0;
  const failing: SyncSource = {
    ...source,
    chats: {
      ...source.chats,
      read: async (chat, options) => {
        requests += 1;
        if (broken.some((number) => chatName(chat) === `code${number}`))
          throw new PoeError('not_understood', 'An unknown format');
        return read(chat, options);
      },
    },
  };
  await expect(sync(archive, failing)).rejects.toThrow('Could not copy the chat code2: An unknown format');
  expect(archive.counts().chats).toBe(7);
  expect(archive.lastSync()).toBeNull();
  broken = [];
  expect(await sync(archive, failing)).toMatchObject({chats: {length: 1}});
  // If no chat can be read, the rest is not requested.
  const other = await Archive.open({path: ':memory:', onDamaged: () => expect.unreachable()});
  broken = [0, 1, 2, 3, 4, 5, 6, 7];
  requests = 0;
  await expect(sync(other, failing)).rejects.toThrow('An unknown format');
  expect(requests).toBeLessThan(8);
});

test('a sync after one that was interrupted copies the chats behind those that were copied', async () => {
  const archive = await Archive.open({path: ':memory:', onDamaged: () => expect.unreachable()});
  const numbers = Array.from({length: 200}, (_, number) => number);
  await sync(archive, sourceOf(numbers.map((number) => chatOf(number, 1))));
  // The newest 150 chats were used again.
  const used = numbers.map((number) => chatOf(number, number < 150 ? 2 : 1));
  await expect(sync(archive, sourceOf(used, 100))).rejects.toThrow('Rate limited');
  expect(await sync(archive, sourceOf(used))).toMatchObject({chats: {length: 50}, unchanged: 150});
  // Now the list is not read to its end, and the chats behind it count as well.
  expect(await sync(archive, sourceOf(used))).toMatchObject({chats: [], unchanged: 200});
});
