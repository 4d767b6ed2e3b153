import type {Context} from '../context.js';
import type {Bot, Chat, User} from '../core/model.js';
import {botColumns, chatColumns, userColumns} from '../output/listed.js';

/* Lists as every command shows them; what was seen is kept for completion. */

export async function listBots(context: Context, bots: AsyncIterable<Bot>, none: string): Promise<void> {
  const cache = await context.cache();
  const see = ({handle, displayName}: Bot) => cache.seeBots([{handle, name: displayName}]);
  await context.output.list(watched(bots, see), botColumns, {none});
}

export async function listChats(context: Context, chats: AsyncIterable<Chat>, none: string): Promise<void> {
  const cache = await context.cache();
  const see = ({chatCode, title}: Chat) => {
    if (chatCode !== null) cache.seeChats([{chatCode, title}]);
  };
  await context.output.list(watched(chats, see), chatColumns, {none});
}

export async function listUsers(context: Context, users: AsyncIterable<User>, none: string): Promise<void> {
  await context.output.list(users, userColumns, {none});
}

async function* watched<T>(items: AsyncIterable<T>, see: (item: T) => void): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    see(item);
    yield item;
  }
}
