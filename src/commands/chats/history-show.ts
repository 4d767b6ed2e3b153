import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {isUserMessage} from '../../core/message.js';
import type {Chat, Message} from '../../core/model.js';
import {showReplyImages} from '../shared/view/show-images.js';
import {addLimit, limitOf} from '../shared/options/parse-count.js';

const defaultLimit = 20;

export const historyShow = (context: Context) =>
  addLimit(
    new Command('show')
      .summary('Show the messages of a chat')
      .description('Show the newest messages of a chat, oldest first. With --json, print one message per line.')
      .argument('<chat>', 'Chat ID, code, URL, or "last"')
      .option('--ids', 'Show the ID of each message'),
    defaultLimit,
    'messages',
  ).action(async (name: string, {ids = false}: {ids?: boolean}, command: Command) => {
    const {output} = context;
    const {chat, messages} = await readChat(context, name, limitOf(command, defaultLimit));
    if (output.isJson) {
      await output.list(messages, [], {empty: ''});
      return;
    }
    const {localParts} = await import('../../output/transcript/transcript.js');
    const stays = await output.document(messages, () => localParts(chat, messages, {ids}), {markdown: true});
    const replies = messages.filter((message) => !isUserMessage(message));
    if (stays) await showReplyImages(context, ...replies);
  });

/** A chat with its newest messages, oldest first. @param limit default: all messages */
export async function readChat(
  context: Context,
  name: string,
  limit?: number,
): Promise<{chat: Chat; messages: Message[]}> {
  const ref = await context.chat(name);
  const {chat, messages} = await context.client.chats.read(ref, {limit, signal: context.signal});
  return {chat, messages: (await readAll(messages)).toReversed()};
}

export async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
