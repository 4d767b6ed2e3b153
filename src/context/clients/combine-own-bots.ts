import type {Backend} from '../../core/errors.js';
import type {OwnBots} from '../../core/own-bots.js';

interface OwnBotsDeps {
  has(backend: Backend): Promise<boolean>;
  /** The own bots of a backend, or of the one used by default. */
  of(backend: Backend | undefined): Promise<OwnBots>;
}

/** The own bots of both backends: those with an endpoint belong to the API, all others to poe.com. */
export function combineOwnBots({has, of}: OwnBotsDeps): OwnBots {
  const lazily = async function* <T>(
    backend: Backend | undefined,
    list: (bots: OwnBots) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    yield* list(await of(backend));
  };
  return {
    async *list(options) {
      // poe.com tells more about most bots.
      yield* (await of((await has('web')) ? 'web' : undefined)).list(options);
    },
    find: async (handle, options = {}) => {
      const hasBoth = (await has('api')) && (await has('web'));
      if (options.via !== undefined || !hasBoth) return (await of(options.via)).find(handle, options);
      // Only the API tells the endpoint of a bot.
      const found = await (await of('api')).find(handle, options);
      return found?.settings.endpoint ? found : (await of('web')).find(handle, options);
    },
    create: async (handle, settings, options) =>
      (await of(settings.endpoint ? 'api' : 'web')).create(handle, settings, options),
    update: async (bot, settings, options) =>
      (await of(settings.endpoint ? 'api' : 'web')).update(bot, settings, options),
    delete: async (bot, options) => (await of(bot.botId === null ? 'api' : 'web')).delete(bot, options),
    knowledge: (bot, options) => lazily('web', (bots) => bots.knowledge(bot, options)),
    addKnowledge: async (content, options) => (await of('web')).addKnowledge(content, options),
    editKnowledge: async (id, content, options) => (await of('web')).editKnowledge(id, content, options),
    baseBots: async (options) => (await of('web')).baseBots(options),
  };
}
