import type {World} from '../world/world.js';
import type {BotServer} from './ask-server.js';

/** Adds a bot whose replies a server writes. @returns false if there is a bot with this handle */
export function addServerBot(handle: string, {url, key}: BotServer, world: World): boolean {
  if (world.bot(handle)) return false;
  const own = world.ownBots.add(handle);
  const settings = {
    model: 'interpreter',
    botCategory: 1,
    displayName: null,
    handle,
    prompt: '',
    isPromptPublic: false,
    introduction: '',
    description: `The server at ${url}.`,
    profilePictureUrl: null,
    apiUrl: url,
    hasMarkdownRendering: true,
    hasSuggestedReplies: false,
    isPrivateBot: true,
    temperature: null,
    customMessageLimit: null,
    messagePriceCc: null,
    shouldCiteSources: true,
    allowRelatedBotRecommendations: true,
    isApiBot: true,
  };
  world.ownBots.setSite(own, settings, key);
  return true;
}
