import {expect, test} from 'vitest';
import {ChatReader} from '../../src/core/archive/chat-reader.js';
import type {Chat, Message} from '../../src/core/model.js';
import {chatName, type ChatRef} from '../../src/core/names/chat-ref.js';
import type {ReadOptions} from '../../src/core/options.js';

/* What a sync requests of Poe, and when. */

const chatNamed = (chatCode: string) => ({chatCode}) as Chat;
const [first, second, third] = [chatNamed('first'), chatNamed('second'), chatNamed('third')];

/** A reader of chats that arrive when the test says so. */
function withReader() {
  const requested: string[] = [];
  const arrivals: (() => void)[] = [];
  async function* none(): AsyncGenerator<Message> {}
  const chats = {
    read: (chat: ChatRef | Chat, {onArrival}: ReadOptions = {}) => {
      requested.push(chatName(chat));
      return new Promise<{chat: Chat; messages: AsyncGenerator<Message>}>((resolve) => {
        arrivals.push(() => {
          onArrival?.();
          resolve({chat: chat as Chat, messages: none()});
        });
      });
    },
  };
  const reader = new ChatReader({archive: {has: () => false}, known: new Set()}, chats, {});
  return {reader, requested, arrivals};
}

test('a chat is requested when all of the one before has arrived, and only one ahead', async () => {
  const {reader, requested, arrivals} = withReader();
  const copy = reader.read(first, second);
  expect(requested).toEqual(['first']);
  arrivals[0]?.();
  expect(requested).toEqual(['first', 'second']);
  expect((await copy)?.chat).toBe(first);
  arrivals[1]?.();
  expect(requested).toEqual(['first', 'second']);
  await reader.settle();
  const next = reader.read(second, third);
  expect(requested).toEqual(['first', 'second', 'third']);
  expect((await next)?.chat).toBe(second);
});

test('no chat is requested if a pause is needed before', async () => {
  const {reader, requested, arrivals} = withReader();
  const copy = reader.read(first, undefined);
  arrivals[0]?.();
  await copy;
  expect(requested).toEqual(['first']);
});
