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
 * @throws PoeError if Poe lists no bots, and none is known
 */
export async function webModels(
  {bots}: Pick<Client, 'bots'>,
  known: readonly KnownBot[],
  {signal}: CallOptions,
): Promise<ServedModel[]> {
  const models = new Map<string, ServedModel>();
  const add = (model: ServedModel) => {
    const id = model.id.toLowerCase();
    if (!models.has(id)) models.set(id, model);
  };
  let failure: PoeError | undefined;
  const addAll = async (category: string | undefined, limit: number) => {
    try {
      for await (const bot of bots.explore(category, {limit, ...(signal && {signal})})) add(toModel(bot));
    } catch (error) {
      if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
      failure = error;
    }
  };
  await addAll('Official', maxOfficial);
  await addAll(undefined, maxShown);
  for (const {handle, name} of known) add({...unknownFacts, id: handle, displayName: name});
  if (models.size === 0 && failure) throw failure;
  return [...models.values()];
}

const unknownFacts = {
  ownedBy: null,
  createdTime: null,
  contextTokens: null,
  outputTokens: null,
  takes: ['text'],
  gives: ['text'],
};

const toModel = (bot: Bot | ModelBot): ServedModel => ({
  ...unknownFacts,
  id: bot.handle,
  displayName: bot.displayName,
  // "Powered by Anthropic."
  ownedBy: ('poweredBy' in bot ? bot.poweredBy : null)?.replace(/^Powered by (.*?)\.?$/, '$1') ?? null,
});
