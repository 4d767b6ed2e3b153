import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Bot, Chat, ModelBot, User} from '../../core/model.js';
import type {LocalChats} from '../../core/api/chats/local-chats.js';
import {modelColumns} from './model-view.js';
import {botColumns, chatColumns, userColumns} from '../../output/list/standard-columns.js';

/* Lists as every command shows them; what was seen is kept for completion. */

export async function listBots(context: Context, bots: AsyncIterable<Bot>, empty: string): Promise<void> {
  const cache = await context.cache();
  const see = ({handle, displayName}: Bot) => cache.addBots([{handle, name: displayName}]);
  await context.output.list(watched(bots, see), botColumns, {empty});
}

export async function listModels(context: Context, bots: AsyncIterable<ModelBot>, empty: string): Promise<void> {
  const cache = await context.cache();
  const see = ({handle, displayName}: ModelBot) => cache.addBots([{handle, name: displayName}]);
  await context.output.list(watched(bots, see), modelColumns, {empty});
}

export async function listChats(context: Context, chats: AsyncIterable<Chat>, empty: string): Promise<void> {
  const cache = await context.cache();
  const see = ({chatCode, title}: Chat) => {
    if (chatCode !== null) cache.addChats([{chatCode, title}]);
  };
  await context.output.list(watched(chats, see), chatColumns, {empty});
}

export async function listUsers(context: Context, users: AsyncIterable<User>, empty: string): Promise<void> {
  await context.output.list(users, userColumns, {empty});
}

type Ask = (chats: Pick<LocalChats, 'history' | 'byBot' | 'search'>) => AsyncGenerator<Chat, void, undefined>;

/** The chats on this machine and, with a browser's session, Poe's: newest first. */
export async function everyChat(context: Context, limit: number | undefined, ask: Ask): Promise<AsyncIterable<Chat>> {
  const kinds = await context.chatKinds();
  const onPoe = kinds.onPoe ? ask((await context.web()).chats) : undefined;
  const local = kinds.local ? ask(await context.official.chats()) : undefined;
  if (!onPoe || !local) return onPoe ?? local ?? nothing();
  return newestFirst((await context.has('api')) ? orLocal(onPoe) : onPoe, local, limit);
}

/** With a key too, one who cannot see Poe's chats can see the others. */
async function* orLocal(chats: AsyncGenerator<Chat, void, undefined>): AsyncGenerator<Chat, void, undefined> {
  try {
    yield* chats;
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    const hint = [error.hint, 'The chats on this machine are listed with --via api.'].filter(Boolean).join(' ');
    throw new PoeError(error.code, error.message, {...error.facts, hint, cause: error});
  }
}

async function* nothing(): AsyncGenerator<Chat, void, undefined> {}

/** Two lists as one. A chat without a time comes where its list has it. */
async function* newestFirst(
  one: AsyncGenerator<Chat, void, undefined>,
  other: AsyncGenerator<Chat, void, undefined>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Chat, void, undefined> {
  let [a, b] = await Promise.all([one.next(), other.next()]);
  try {
    for (let count = 0; count < limit && !(a.done && b.done); count++) {
      const takesOther =
        !b.done && (a.done || (a.value.lastInteractionTime ?? '') < (b.value.lastInteractionTime ?? ''));
      const next = takesOther ? b.value : a.value;
      if (next) yield next;
      if (count + 1 >= limit) return;
      if (takesOther) b = await other.next();
      else a = await one.next();
    }
  } finally {
    await Promise.all([one.return(), other.return()]);
  }
}

async function* watched<T>(items: AsyncIterable<T>, see: (item: T) => void): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    see(item);
    yield item;
  }
}
