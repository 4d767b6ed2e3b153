import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {requireWebChat} from '../shared/require-web-chat.js';

/** Messages have numbers above, chats below. */
const leastMessageId = 100_000_000_000;

export const previews = (context: Context) =>
  new Command('previews')
    .summary('Create public links to the apps in a reply')
    .description(
      'Create a public link to each app that a bot wrote in a message, and print the links. Anyone with a link can use the app.',
    )
    .argument('<messageId|chat>', 'Message ID, or a chat for its last reply: ID, code, URL, or "last"')
    .action(async (name: string) => {
      const urls = /^\d+$/.test(name) ? await ofNumber(Number(name), context) : await ofChat(name, context);
      if (urls.length > 0 || context.output.isJson) context.output.result({urls}, ({urls}) => urls.join('\n'));
      else context.output.note('The message has no apps.');
    });

async function ofChat(name: string, context: Context): Promise<string[]> {
  const chat = await context.chat(name);
  const {messages} = await requireWebChat(context, chat, 'A link to an app');
  return messages.previews(chat, {signal: context.signal});
}

/** A number is a message's; where it leads to nothing it may be a chat's. */
async function ofNumber(number: number, context: Context): Promise<string[]> {
  const {messages} = await requireWebChat(context, {chatId: number}, 'A link to an app');
  const {signal} = context;
  const found = await messages.previews(number, {signal}).catch((error: unknown) => {
    if (error instanceof PoeError && error.code === 'message_not_found') return error;
    throw error;
  });
  if (!(found instanceof PoeError) && (found.length > 0 || number >= leastMessageId)) return found;
  return messages.previews({chatId: number}, {signal}).catch((error: unknown) => {
    if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    if (found instanceof PoeError) throw found;
    return found;
  });
}
