import type {Context} from '../../../context/context.js';
import type {Bot, Chat, User} from '../../../core/model.js';
import type {ModelBot} from '../../../core/model-bot.js';
import {chatColumns, userColumns} from '../../../output/list/standard-columns.js';
import {botColumns} from './bot-view.js';

/* Prints lists, and offers the names in them for completion. */

/** @param empty the note for an empty list */
export async function listBots(
  context: Context,
  bots: AsyncGenerator<Bot | ModelBot, void, undefined>,
  empty: string,
): Promise<void> {
  const cache = await context.cache();
  const first = await bots.next();
  const columns = first.done ? [] : botColumns(first.value);
  const see = ({handle, displayName}: Bot | ModelBot) => cache.addBots([{handle, name: displayName}]);
  await context.output.list(observed(withFirst(first, bots), see), columns, {empty});
}

export async function listChats(context: Context, chats: AsyncIterable<Chat>, empty: string): Promise<void> {
  const cache = await context.cache();
  const see = ({chatCode, title}: Chat) => {
    if (chatCode !== null) cache.addChats([{chatCode, title}]);
  };
  await context.output.list(observed(chats, see), chatColumns, {empty});
}

export async function listUsers(context: Context, users: AsyncIterable<User>, empty: string): Promise<void> {
  await context.output.list(users, userColumns, {empty});
}

async function* observed<T>(items: AsyncIterable<T>, observe: (item: T) => void): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    observe(item);
    yield item;
  }
}

/** Puts the first item back in front of the rest of its list. */
async function* withFirst<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
