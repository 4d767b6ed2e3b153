import {PoeError} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';

/** Merges two lists by time. A chat without a time keeps its place in its own list. */
export async function* newestFirst(
  one: AsyncGenerator<Chat, void, undefined>,
  other: AsyncGenerator<Chat, void, undefined>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Chat, void, undefined> {
  if (limit < 1) return;
  let [a, b] = await Promise.all([one.next(), other.next()]);
  try {
    for (let count = 1; !(a.done && b.done); count++) {
      const isOther = !b.done && (a.done || (a.value.lastInteractionTime ?? '') < (b.value.lastInteractionTime ?? ''));
      const next = isOther ? b.value : a.value;
      if (next) yield next;
      // The next item may take a request.
      if (count >= limit) return;
      if (isOther) b = await other.next();
      else a = await one.next();
    }
  } finally {
    await Promise.all([one.return(), other.return()]);
  }
}

/** Adds to errors of the list that the local chats can be listed without it. */
export async function* mentionLocalChats(
  chats: AsyncGenerator<Chat, void, undefined>,
): AsyncGenerator<Chat, void, undefined> {
  try {
    yield* chats;
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    throw error.with({hasLocalChats: true});
  }
}
