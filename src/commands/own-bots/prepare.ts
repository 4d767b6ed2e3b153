import type {Context} from '../../context/context.js';
import type {PreparedPush} from '../../context/own-bots/push-bot.js';
import type {PushStateFile} from '../../context/own-bots/push-state.js';

/** Reads the folder of a bot and compares it with the bot on Poe. @throws PoeError */
export async function prepare(
  path: string,
  context: Context,
): Promise<PreparedPush & {stateFile: PushStateFile; isEmpty: boolean}> {
  const [{readBotFolder}, {preparePush}, {isEmptyPlan}, {PushStateFile}] = await Promise.all([
    import('../../context/bot-folder/bot-folder.js'),
    import('../../context/own-bots/push-bot.js'),
    import('../../context/own-bots/plan.js'),
    import('../../context/own-bots/push-state.js'),
  ]);
  const folder = readBotFolder(path);
  const stateFile = new PushStateFile(path, context.isLocalServer);
  const prepared = await preparePush(folder, stateFile, context);
  return {...prepared, stateFile, isEmpty: isEmptyPlan(prepared.plan)};
}
