import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmOnTerminal} from '../shared/ask-user.js';

export const deleteMessages = (context: Context) =>
  new Command('delete-messages')
    .summary('delete messages of a chat')
    .description('Delete messages of a chat for good. On a terminal it asks first.')
    .argument('<chat>', "the chat's number, code or address, or last")
    .argument('<messageId...>', 'the numbers of the messages, as poe history show --json tells them', messageIds)
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, ids: number[], {yes = false}: {yes?: boolean}) => {
      const chat = await context.chat(name);
      // Who is not logged in is told so before being asked anything.
      const messages = (await context.isLocal(chat)) ? undefined : (await context.web()).messages;
      const what = ids.length === 1 ? 'this message' : `these ${ids.length} messages`;
      if (!yes) await confirmOnTerminal(`Delete ${what} for good?`, context);
      if (messages) await messages.delete(chat, ids, {signal: context.signal});
      else await (await context.official.chats()).deleteMessages(chat, ids);
      context.output.result({deleted: ids.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 message' : `Deleted ${deleted} messages`,
      );
    });

/** Message numbers, each once. */
export function messageIds(value: string, before: number[] = []): number[] {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('A message is named by its number.');
  return [...new Set([...before, Number(value)])];
}
