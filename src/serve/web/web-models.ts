import type {Client} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {Bot} from '../../core/model.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {CallOptions} from '../../core/options.js';
import type {ServedModel} from '../serve-backend.js';

/** A bot whose handle is known on this machine. */
export interface KnownBot {
  handle: string;
  name: string | null;
}

const maxOfficial = 100;
const maxShown = 50;

/**
 * The bots that programs are offered: the official ones, those that Poe shows first, and those that were used on this machine. Poe
 * has many more, which can be used by their handles.
 * @throws PoeError
 */
export async function webModels(
  {bots}: Pick<Client, 'bots'>,
  known: readonly KnownBot[],
  options: CallOptions,
): Promise<ServedModel[]> {
  const models = new Map<string, ServedModel>();
  const add = (model: ServedModel) => {
    const id = model.id.toLowerCase();
    if (!models.has(id)) models.set(id, model);
  };
  try {
    for await (const bot of bots.explore('Official', {...options, limit: maxOfficial})) add(toModel(bot));
  } catch (error) {
    // The site has no such category.
    if (!(error instanceof PoeError && error.code === 'usage')) throw error;
  }
  for await (const bot of bots.explore(undefined, {...options, limit: maxShown})) add(toModel(bot));
  for (const {handle, name} of known) add({...unknownFacts, id: handle, displayName: name});
  return [...models.values()];
}

const unknownFacts = {
  ownedBy: null,
  createdTime: null,
  contextTokens: null,
  outputTokens: null,
  // Some bots refuse images, but programs would not even offer to send them.
  takes: ['text', 'image'],
  gives: ['text'],
};

const toModel = (bot: Bot | ModelBot): ServedModel => ({
  ...unknownFacts,
  id: bot.handle,
  displayName: bot.displayName,
  // "Powered by Anthropic."
  ownedBy: ('poweredBy' in bot ? bot.poweredBy : null)?.replace(/^Powered by (.*?)\.?$/, '$1') ?? null,
});
