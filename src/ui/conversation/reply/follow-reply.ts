import type {Reply} from '../../../core/reply.js';
import type {ReplySink} from '../../../output/reply/reply-renderer.js';
import type {ReplyFooter} from '../../state/chat-state.js';
import {set} from '../../state/transitions.js';
import {type ChatSession, replySink, widthOf} from '../chat-session.js';
import {countCost} from '../points.js';
import {closeFooter, openFooter} from './reply-footer.js';
import {notesOf, suggestedReplies} from './reply-notes.js';
import {overdueReasoning, Thinking} from './thinking.js';
import {notesBelow, replyHeader} from '../../text/transcript-lines.js';

const maxSuggestions = 4;

interface FollowOptions {
  /** When the message was sent, on the clock of `performance`. */
  startedAt: number;
  signal: AbortSignal;
}

/** Shows a reply while it arrives, then its notes, its suggested replies and its cost. @throws PoeError */
export async function followReply(
  session: ChatSession,
  reply: Reply,
  {startedAt, signal}: FollowOptions,
): Promise<void> {
  const {deps, store, theme} = session;
  store.apply(set({chat: reply.chat.toJSON(), suggestions: []}));
  const thinking = deps.isForScreenReader || deps.isDumb ? undefined : new Thinking(session);
  const sink = withHeader(replySink(session), replyHeader(reply.current.bot, theme));
  const images = await imageSinkOf(session, sink, reply, signal);
  let tookMs = 0;
  try {
    const {showReply} = await import('./show-reply.js');
    const onVideo = (video: string) => store.apply(set({video}));
    await showReply(reply, images ?? sink, {...deps, thinking, onVideo});
  } finally {
    tookMs = performance.now() - startedAt;
    store.apply(set({lastReply: reply.text, video: undefined}));
    // If it was stopped, the user is looking.
    if (reply.current.state !== 'cancelled') session.notify(store.getSnapshot().bot?.handle ?? 'poe', tookMs);
    await images?.end({isCut: reply.current.state !== 'complete'});
  }
  const result = await reply.result();
  store.apply(set({chat: result.chat, suggestions: result.suggestedReplies.slice(0, maxSuggestions)}));
  for await (const lines of session.images?.ofReply(result, signal, {only: images?.isLeft}) ?? [])
    store.print(`${lines}\n`);
  const notes = notesOf(result);
  if (notes.length > 0) store.print(`${notesBelow(notes, {columns: widthOf(session), theme})}\n`);
  store.print(overdueReasoning(session));
  const footer = openFooter(session, tookMs);
  await deps.remember(result);
  // The next message need not wait for these.
  void showLateFacts(session, reply, footer);
}

/** Draws images in their places, where there are any. */
async function imageSinkOf({images}: ChatSession, sink: ReplySink, reply: Reply, signal: AbortSignal) {
  if (!images) return undefined;
  const {ImageSink} = await import('./image-sink.js');
  return new ImageSink(sink, {images, reply: () => reply.current, signal});
}

/** Writes a line above a reply, as soon as there is any of it. Without any, an error follows the question directly. */
function withHeader(sink: ReplySink, header: string): ReplySink {
  let above = header;
  return {
    get width() {
      return sink.width;
    },
    draw(committed, pending) {
      const isEmpty = above !== '' && (committed + pending).trim() === '';
      sink.draw(isEmpty ? '' : above + committed, isEmpty ? '' : pending);
      if (!isEmpty) above = '';
    },
  };
}

/** Poe may tell the cost and the suggested replies only some time after the reply. */
async function showLateFacts(session: ChatSession, reply: Reply, footer: ReplyFooter): Promise<void> {
  const {deps, store} = session;
  const {chat} = store.getSnapshot();
  await countCost(session, reply, (cost) => closeFooter(session, cost, footer));
  const late = chat && store.getSnapshot().suggestions.length === 0 ? await suggestedReplies(deps, chat) : [];
  if (chat === store.getSnapshot().chat && late.length > 0)
    store.apply(set({suggestions: late.slice(0, maxSuggestions)}));
}
