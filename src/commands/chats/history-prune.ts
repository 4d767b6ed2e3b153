import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since} from '../../core/account.js';
import {PoeError} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';
import {chatColumns} from '../../output/list/standard-columns.js';
import {confirmDeletion, deleteChats, deletedText} from '../shared/delete-chats.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';
import {readAll} from './history-show.js';

interface Flags {
  olderThan?: Since;
  bot?: string;
  empty?: boolean;
  served?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

export const historyPrune = (context: Context) =>
  new Command('prune')
    .summary('Delete old or empty chats')
    .description(
      'Delete all chats that match every condition, permanently: on Poe, and chats on this machine. Lists them and asks for confirmation; without a terminal, --yes is required.',
    )
    .option('--older-than <time>', 'Chats unused since: 90d, 12w or 2026-04-01', parseSince)
    .option('--bot <bot>', 'Chats with this bot')
    .option('--empty', 'Chats without messages')
    .option('--served', 'Chats that poe serve has started')
    .option('--dry-run', 'Only list the chats')
    .option('-y, --yes', 'Do not ask for confirmation')
    .action(async (_flags: object, command: Command) => {
      // Also those of `history`: `history --bot X prune` must not delete the chats with other bots.
      const flags = command.optsWithGlobals<Flags>();
      const {olderThan, bot, empty = false, served = false, dryRun = false, yes = false} = flags;
      if (olderThan === undefined && bot === undefined && !empty && !served) {
        throw new PoeError('usage', 'Name at least one condition', {
          hint: 'Add --older-than, --bot, --empty or --served. To delete all chats: poe purge',
        });
      }
      const chats = await matching(context, flags);
      if (dryRun) {
        await context.output.list(chats, chatColumns, {empty: nothing});
        return;
      }
      if (chats.length > 0 && !yes) await confirmDeletion(chats, context);
      const deleted = await deleteChats(chats, context, {mayBeGone: true});
      context.output.summary({deleted}, () => (chats.length === 0 ? nothing : deletedText(deleted)));
    });

const nothing = 'No chats match.';

async function matching(context: Context, {olderThan, bot, empty = false, served = false}: Flags): Promise<Chat[]> {
  const {client, output, signal} = context;
  const before = olderThan && sinceDate(olderThan);
  const list = bot === undefined ? client.chats.history({signal}) : client.chats.byBot(bot, {signal});
  const spinner = await output.startSpinner('Listing chats');
  try {
    const unused = (await readAll(list)).filter(({lastInteractionTime: time}) => !before || isBefore(time, before));
    const chats = served ? await servedAmong(unused, context) : unused;
    if (!empty) return chats;
    const found: Chat[] = [];
    for (const [index, chat] of chats.entries()) {
      spinner.update(`Looking for messages in chat ${index + 1} of ${chats.length}`);
      if (index > 0) await context.pauseBetweenChats(chat);
      if (await isEmpty(chat, context)) found.push(chat);
    }
    return found;
  } finally {
    spinner.stop();
  }
}

/** Whether a chat has no messages. One that was deleted meanwhile has none to delete. */
async function isEmpty(chat: Chat, {client, signal}: Context): Promise<boolean> {
  try {
    const {messages} = await client.chats.read(chat, {limit: 1, signal});
    return (await readAll(messages)).length === 0;
  } catch (error) {
    if (error instanceof PoeError && error.code === 'chat_not_found') return false;
    throw error;
  }
}

async function servedAmong(chats: readonly Chat[], context: Context): Promise<Chat[]> {
  const ids = await (await context.servedChats()).ids();
  const found: Chat[] = [];
  // Chats on this machine have numbers of their own.
  for (const chat of chats) if (ids.has(chat.chatId) && !(await context.client.isLocal(chat))) found.push(chat);
  return found;
}

/** A chat without a time is not old for certain. */
const isBefore = (time: string | null, before: Date): boolean => time !== null && new Date(time) < before;
