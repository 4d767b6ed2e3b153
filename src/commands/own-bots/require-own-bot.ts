import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {OwnBot} from '../../core/own-bots.js';

/** The bot of the account with a handle. @throws PoeError `bot_not_found`; `refused` if it belongs to somebody else */
export async function requireOwnBot(handle: string, {client, signal}: Context): Promise<OwnBot> {
  const bot = await client.ownBots.find(handle, {signal}).catch((error: unknown) => {
    const isOthers = error instanceof PoeError && error.code === 'refused';
    throw isOthers ? error.with({hint: undefined, remedy: 'list_own_bots'}) : error;
  });
  if (bot) return bot;
  throw new PoeError('bot_not_found', `You have no bot named ${JSON.stringify(handle)}`, {remedy: 'list_own_bots'});
}
