import type {Reply} from '../../core/reply.js';
import {set} from '../state/transitions.js';
import {type ChatSession, replySink} from './chat-session.js';
import {countCost} from './points.js';
import {notesOf, suggestedReplies} from './reply-notes.js';

const maxSuggestions = 4;

/** Shows a reply while it arrives, then its notes, its suggested replies and its cost. @throws PoeError */
export async function followReply(session: ChatSession, reply: Reply, signal: AbortSignal): Promise<void> {
  const {deps, store, paint} = session;
  store.apply(set({chat: reply.chat.toJSON(), suggestions: []}));
  const startedAt = performance.now();
  try {
    const {showReply} = await import('./show-reply.js');
    await showReply(reply, replySink(session), deps);
  } finally {
    store.apply(set({lastReply: reply.text}));
    // If it was stopped, the user is looking.
    if (reply.current.state !== 'cancelled')
      session.notify(store.getSnapshot().bot?.handle ?? 'poe', performance.now() - startedAt);
  }
  const result = await reply.result();
  store.apply(set({chat: result.chat, suggestions: result.suggestedReplies.slice(0, maxSuggestions)}));
  if (session.images) for await (const lines of session.images.ofReply(result, signal)) store.print(`${lines}\n`);
  const notes = notesOf(result);
  if (notes.length > 0) store.print(`${paint.dim(notes.join('\n'))}\n\n`);
  await deps.remember(result);
  // The next message need not wait for these.
  void showLateFacts(session, reply);
}

/** Poe may tell the cost and the suggested replies only some time after the reply. */
async function showLateFacts(session: ChatSession, reply: Reply): Promise<void> {
  const {deps, store} = session;
  const {chat} = store.getSnapshot();
  await countCost(session, reply);
  const late = chat && store.getSnapshot().suggestions.length === 0 ? await suggestedReplies(deps, chat) : [];
  if (chat === store.getSnapshot().chat && late.length > 0)
    store.apply(set({suggestions: late.slice(0, maxSuggestions)}));
}
