import {PoeError} from '../errors.js';
import type {UnfinishedMessage} from '../journal/journal.js';
import type {Messages} from '../client.js';
import type {CallOptions} from '../options.js';
import type {UnfinishedReply} from '../journal/unfinished.js';

/** The messages on poe.com whose replies have not been received completely, newest first. Poe is asked whether they are complete. */
export async function unfinishedWebReplies(
  messages: readonly UnfinishedMessage[],
  isReplying: Messages['isReplying'],
  options: CallOptions = {},
): Promise<UnfinishedReply[]> {
  const onPoe = messages.filter(({reply, clientNonce}) => (reply ? reply.via === 'web' : clientNonce !== null));
  return Promise.all(onPoe.map((message) => replyOf(message, isReplying, options)));
}

async function replyOf(
  {reply, bot, sentAt}: UnfinishedMessage,
  isReplying: Messages['isReplying'],
  options: CallOptions,
): Promise<UnfinishedReply> {
  const common = {bot, percent: null, startedAt: sentAt, via: 'web' as const};
  if (!reply) return {...common, chat: null, state: 'sending'};
  const state = await isReplying(reply.chat, options).then(
    (isWriting) => (isWriting ? 'writing' : 'complete'),
    stateAfter,
  );
  return {...common, chat: reply.chat, state};
}

function stateAfter(error: unknown): UnfinishedReply['state'] {
  if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
  return error.code === 'chat_not_found' ? 'failed' : 'unknown';
}
