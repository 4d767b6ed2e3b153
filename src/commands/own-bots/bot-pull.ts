import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {OwnBot} from '../../core/own-bots.js';
import {requireOwnBot} from './require-own-bot.js';

export const botPull = (context: Context) =>
  new Command('pull')
    .summary('Write one of your bots to a folder')
    .description(
      'Write a bot of yours to a folder, as far as Poe tells its settings. Poe does not tell the texts and files that a bot knows, nor keys.',
    )
    .argument('<handle>', 'Handle of the bot')
    .argument('[folder]', 'Folder to write (default: the handle)')
    .option('--force', 'Replace the files of a bot in the folder')
    .action(async (name: string, folder: string | undefined, {force = false}: {force?: boolean}) => {
      const {client, output, signal} = context;
      const [{writePulledBot}, {PushStateFile}] = await Promise.all([
        import('../../context/own-bots/pull-bot.js'),
        import('../../context/own-bots/push-state.js'),
      ]);
      const bot = await requireOwnBot(name, context);
      const path = folder ?? folderFor(bot.handle);
      const sources = [];
      if (bot.botId !== null) for await (const source of client.ownBots.knowledge(bot, {signal})) sources.push(source);
      const stateFile = new PushStateFile(path, context.isLocalServer);
      const baseBot = await baseBotOf(bot, context);
      const pulled = writePulledBot(path, bot, {stateFile, sources, baseBot, mayReplace: force});
      if (pulled.missing.length > 0) output.note(`Not set, or not shown by Poe: ${pulled.missing.join(', ')}`);
      output.result({handle: bot.handle, folder: path, ...pulled}, ({written}) =>
        written.map((file) => `Wrote ${file}`).join('\n'),
      );
    });

/** A handle as the name of a folder. @throws PoeError `usage` if it cannot be one */
function folderFor(handle: string): string {
  if (/^[\w-][\w.-]*$/.test(handle)) return handle;
  throw new PoeError('usage', `The handle ${JSON.stringify(handle)} cannot be the name of a folder`, {
    hint: 'Name the folder.',
  });
}

/** The handle of the base bot, of which Poe tells the internal name. */
async function baseBotOf({settings: {baseBot}}: OwnBot, {client, signal}: Context): Promise<string | null> {
  if (!baseBot) return null;
  const info = await client.bots.info(baseBot, {via: 'web', signal}).catch(() => undefined);
  signal.throwIfAborted();
  return info?.handle ?? baseBot;
}
