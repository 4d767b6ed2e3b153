import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';

/** Chat IDs are smaller. */
const smallestMessageId = 100_000_000_000;

export const previews = (context: Context) =>
  new Command('previews')
    .summary('Create public links to the apps in a reply')
    .description(
      'Create a public link to each app that a bot wrote in a message, and print the links. Anyone with a link can use the app.',
    )
    .argument('<messageId|chat>', 'Message ID, or a chat for its last reply: ID, code, URL, or "last"')
    .action(async (name: string) => {
      const {signal, output, client} = context;
      const urls = /^\d+$/.test(name)
        ? await previewsOfNumber(Number(name), context)
        : await client.messages.previews(await context.chat(name), {signal});
      if (urls.length > 0 || output.isJson) output.result({urls}, ({urls}) => urls.join('\n'));
      else output.note('The message contains no apps.');
    });

/** Looks up a number as a message ID, then as a chat ID. */
async function previewsOfNumber(number: number, {client, signal}: Context): Promise<string[]> {
  const ofMessage = await client.messages.previews(number, {signal}).catch((error: unknown) => {
    if (error instanceof PoeError && error.code === 'message_not_found') return error;
    throw error;
  });
  if (!(ofMessage instanceof PoeError) && (ofMessage.length > 0 || number >= smallestMessageId)) return ofMessage;
  return client.messages.previews({chatId: number}, {signal}).catch((error: unknown) => {
    if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    if (ofMessage instanceof PoeError) throw ofMessage;
    return ofMessage;
  });
}
