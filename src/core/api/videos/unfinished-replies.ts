import type {Journal, UnfinishedMessage} from '../../journal/journal.js';
import {PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import type {UnfinishedReply} from '../../journal/unfinished.js';
import type {LocalChats} from '../chats/local-chats.js';
import type {VideoJobs} from './jobs.js';

interface UnfinishedDeps {
  chats: LocalChats;
  journal: Journal;
  jobs: VideoJobs;
}

/** The messages of local chats whose replies have not been received completely, newest first. Poe is asked how far videos are. */
export async function unfinishedApiReplies(
  {chats, journal, jobs}: UnfinishedDeps,
  options: CallOptions = {},
): Promise<UnfinishedReply[]> {
  const found = await Promise.all(journal.unfinished().map((message) => replyOf(message, chats)));
  return Promise.all(found.flat().map((reply) => withState(reply, jobs, options)));
}

/** Empty for a message on poe.com. */
async function replyOf({reply, chatId, bot, sentAt}: UnfinishedMessage, chats: LocalChats): Promise<UnfinishedReply[]> {
  const common = {bot, percent: null, startedAt: sentAt, via: 'api' as const};
  if (reply) {
    const {chat, job} = reply;
    if (reply.via !== 'api') return [];
    // The journal has no titles of these chats.
    const found = await chats.find({chatId: chat.chatId}).catch(() => chat);
    return [{...common, chat: found, state: 'writing', ...(job && {job})}];
  }
  if (chatId === null || !(await chats.has({chatId}))) return [];
  return [{...common, chat: await chats.find({chatId}), state: 'sending'}];
}

async function withState(reply: UnfinishedReply, jobs: VideoJobs, {signal}: CallOptions): Promise<UnfinishedReply> {
  if (!reply.job) return reply;
  try {
    const {job} = await jobs.find(reply.job.id, {signal});
    const state = job.status === 'completed' ? 'complete' : job.status;
    return {...reply, state, percent: job.percent, job};
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    return {...reply, state: error.code === 'bot_failed' ? 'failed' : 'unknown'};
  }
}
