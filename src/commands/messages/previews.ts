import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {type Id, isGreaterId, parseId} from '../../core/names/id.js';

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
      const id = parseId(name);
      const urls =
        id !== undefined
          ? await previewsOfId(id, context)
          : await client.messages.previews(await context.chat(name), {signal});
      if (urls.length > 0 || output.isJson) output.result({urls}, ({urls}) => urls.join('\n'));
      else output.note('The message contains no apps.');
    });

const isMessageId = (id: Id): boolean => !isGreaterId(smallestMessageId, id);

/** Looks up an ID as a message ID, then as a chat ID. */
async function previewsOfId(id: Id, {client, signal}: Context): Promise<string[]> {
  const ofMessage = await client.messages.previews(id, {signal}).catch((error: unknown) => {
    if (error instanceof PoeError && error.code === 'message_not_found') return error;
    throw error;
  });
  if (!(ofMessage instanceof PoeError) && (ofMessage.length > 0 || isMessageId(id))) return ofMessage;
  return client.messages.previews({chatId: id}, {signal}).catch((error: unknown) => {
    if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    if (ofMessage instanceof PoeError) throw ofMessage;
    return ofMessage;
  });
}
