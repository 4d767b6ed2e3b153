import {nodeId} from '../model.js';
import type {OwnBot, OwnBotCategory, OwnBotSettings} from '../own-bots.js';
import type {OwnBotNode} from './protocol/operations/own-bots.js';

/** The base bot of scripts, number 4209681 (2026). */
export const interpreter = 'Interpreter';

const categoryNumbers: Record<OwnBotCategory, number> = {
  prompt: 1,
  image: 2,
  video: 3,
  'role-play': 4,
  script: 1,
  api: 1,
};

/** The variables for a bot, in the order of the site: between them are those that differ. */
export function botSettings(handle: string, settings: OwnBotSettings) {
  const {category, name, prompt, description, introduction, serverUrl, accessKey} = settings;
  return {
    botCategory: categoryNumbers[category],
    start: {
      displayName: name,
      handle,
      prompt: prompt ?? '',
      isPromptPublic: settings.isPromptPublic,
      introduction,
      description,
      profilePictureUrl: settings.pictureUrl,
      apiUrl: serverUrl,
      apiKey: accessKey,
    },
    middle: {
      hasMarkdownRendering: settings.hasMarkdown,
      hasSuggestedReplies: settings.suggestsReplies,
      isPrivateBot: settings.isPrivate,
      temperature: settings.temperature,
      customMessageLimit: settings.messageLimit,
    },
    end: {
      messagePriceCc: settings.messagePrice,
      shouldCiteSources: settings.citesSources,
      allowRelatedBotRecommendations: settings.recommendsRelatedBots,
    },
  };
}

/** @param handle that of the bot if Poe does not send it */
export function toOwnBot(node: OwnBotNode, handle: string): OwnBot {
  const category = categoryOf(node);
  const {picture, model, apiUrl} = node;
  const settings: {[K in keyof OwnBotSettings]: OwnBotSettings[K] | null} = {
    category,
    name: node.displayName,
    baseBot: category === 'script' || category === 'api' ? null : model,
    prompt: node.promptPlaintext,
    description: node.description,
    introduction: node.introduction,
    temperature: node.temperature,
    isPrivate: node.isPrivateBot,
    isPromptPublic: node.isPromptPublic,
    suggestsReplies: node.hasSuggestedReplies,
    hasMarkdown: node.hasMarkdownRendering,
    citesSources: node.shouldCiteSources,
    recommendsRelatedBots: node.allowRelatedBotRecommendations,
    messagePrice: node.messagePriceCc,
    messageLimit: node.customMessageLimit,
    pictureUrl: picture?.url ?? null,
    serverUrl: apiUrl,
    accessKey: null,
    endpoint: null,
    parameterControls: null,
  };
  const shown = Object.entries(settings).filter(([, value]) => value !== null);
  return {
    handle: node.handle ?? handle,
    id: node.id ?? nodeId('Bot', node.botId),
    botId: node.botId,
    settings: Object.fromEntries(shown),
  };
}

function categoryOf({isApiBot, model, botCategory}: OwnBotNode): OwnBotCategory | null {
  if (isApiBot) return 'api';
  if (model?.toLowerCase() === interpreter.toLowerCase()) return 'script';
  const byNumber: readonly OwnBotCategory[] = ['prompt', 'image', 'video', 'role-play'];
  return byNumber[(botCategory ?? 0) - 1] ?? null;
}
