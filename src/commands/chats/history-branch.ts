import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {MessageRef} from '../../core/options.js';
import {parseMessageRef} from '../shared/options/message-ref.js';

export const historyBranch = (context: Context) =>
  new Command('branch')
    .summary('Copy a chat up to a message')
    .description(
      'Copy a local chat up to and including a message to a new chat, which becomes the last one. The chat stays as it is. poe.com cannot branch chats.',
    )
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .argument('<message>', 'Message ID, as printed by poe history show --ids, or "last"', parseMessageRef)
    .action(async (name: string, message: MessageRef) => {
      const ref = await context.chat(name);
      const chat = await context.client.chats.branch(ref, message, {signal: context.signal});
      await context.remember(chat);
      context.output.summary(chat, ({title, chatCode}) => `Created ${chatCode ?? ''}${title ? `: ${title}` : ''}`);
    });
