import {Command, Option} from 'commander';
import type {BotCategory} from '../../context/bot-folder/bot-folder.js';
import type {Context} from '../../context/context.js';

const categories = ['prompt', 'image', 'video', 'role-play', 'script', 'api'] as const satisfies readonly BotCategory[];

export const botInit = (context: Context) =>
  new Command('init')
    .summary('Create the folder of a new bot')
    .description('Create a folder with the files of a new bot. Nothing is sent.')
    .argument('<folder>', 'Folder to create')
    .option('--handle <handle>', 'Handle of the bot (default: the name of the folder)')
    .addOption(new Option('--category <category>', 'What the bot is (default: prompt)').choices(categories))
    .action(async (folder: string, {handle, category}: {handle?: string; category?: BotCategory}) => {
      const {createBotFolder} = await import('../../context/bot-folder/new-bot-folder.js');
      const written = createBotFolder(folder, {handle, ...(category && {category})});
      context.output.result({folder, written}, () =>
        [...written.map((path) => `Wrote ${path}`), `Next: poe bot push ${folder}`].join('\n'),
      );
    });
