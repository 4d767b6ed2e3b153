import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import {confirmOnTerminal} from '../shared/ask-user.js';
import {type Id, parseId} from '../../core/names/id.js';

export const deleteMessages = (context: Context) =>
  new Command('delete-messages')
    .summary('Delete messages from a chat')
    .description('Delete messages from a chat permanently. On a terminal, asks for confirmation.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .argument('<messageId...>', 'Message IDs, as printed by poe history show --ids', messageIds)
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (name: string, ids: Id[], {yes = false}: {yes?: boolean}) => {
      const chat = await context.chat(name);
      await context.requireAccess(chat);
      const what = ids.length === 1 ? 'this message' : `these ${ids.length} messages`;
      if (!yes) await confirmOnTerminal(`Delete ${what} permanently?`, context);
      await context.client.messages.delete(chat, ids, {signal: context.signal});
      context.output.summary({deleted: ids.length}, ({deleted}) =>
        deleted === 1 ? 'Deleted 1 message' : `Deleted ${deleted} messages`,
      );
    });

/** Collects message IDs, each once. */
export function messageIds(value: string, before: Id[] = []): Id[] {
  const id = parseId(value);
  if (id === undefined) throw new InvalidArgumentError('Expected a message ID, which is a number.');
  return [...new Set([...before, id])];
}
