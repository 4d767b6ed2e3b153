import {nodeId} from '../../core/model.js';
import type {RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import {type Bot, bots as siteBots} from '../world/bots.js';
import type {KnowledgeSource, OwnBot, SiteBotSettings} from '../world/own-bots.js';
import {type AnswerContext, type Answers, ServerError} from './answers.js';
import {listPage} from './pages.js';

/** The limits of Poe are not known, except the format of handles. */
const maxPromptLength = 100_000;
const maxTextLength = 5_000_000;
const maxFileBytes = 350_000_000;

const isImageBot = ({categories}: Bot): boolean => categories.includes('Image generation');
const isVideoBot = ({handle}: Bot): boolean => ['Runway', 'Kling-Pro-v1.5'].includes(handle);

export const ownBotAnswers = {
  availableBots({cursor, limit = 50}, {site}) {
    const own = site.world.ownBots.all.map((each) => availableNode(each.bot, site.facts.siteVersion === '2026-08'));
    const others = siteBots.slice(0, 8).map((bot) => availableNode(bot, site.facts.siteVersion === '2026-08'));
    return {viewer: {availableBotsConnection: listPage<unknown>([...own, ...others], limit, cursor)}};
  },

  botOfViewer({botName}, {site: {facts, world}}) {
    const bot = world.bot(botName);
    if (!bot) return {bot: null};
    const own = world.ownBots.find(bot.handle);
    // What the site tells is not known. Here, only the later version tells the settings.
    const settings = own?.site && facts.siteVersion === '2026-08' ? toldSettings(own.site) : {};
    return {bot: {...availableNode(bot, true), ...settings, viewerIsCreator: own !== undefined}};
  },

  baseBots() {
    const node = (bot: Bot) => ({model: bot.model, isImageGen: isImageBot(bot), isVideoGen: isVideoBot(bot)});
    const allowed = siteBots.filter(({isMadeByUser, handle}) => !isMadeByUser && !handle.startsWith('Sandbox-'));
    return {viewer: {botsAllowedForUserCreation: allowed.map(node)}};
  },

  createBot({knowledgeSourceIds, apiKey, inviteCodeReqHash: _invitation, ...settings}, {site: {world}}) {
    const status = world.bot(settings.handle) ? 'handle_already_taken' : problemWith(settings);
    if (status !== undefined) return {poeBotCreate: {status, statusMessage: null}};
    const sources = requireSources(knowledgeSourceIds, {site: {world}});
    const own = world.ownBots.add(settings.handle);
    world.ownBots.setSite(own, settings, apiKey);
    own.knowledge = sources;
    return created(own);
  },

  editBot(variables, {site: {world}}) {
    const {botId, baseBot: model, apiKey, knowledgeSourceIdsToAdd, knowledgeSourceIdsToRemove, ...rest} = variables;
    const own = world.ownBots.findById(botId);
    if (!own) throw new ServerError();
    const settings = {...rest, model, isApiBot: own.site?.isApiBot ?? false};
    const holder = world.bot(settings.handle);
    const status = holder && holder !== own.bot ? 'handle_already_taken' : problemWith(settings);
    if (status !== undefined) return {poeBotEdit: {status, statusMessage: null}};
    const added = requireSources(knowledgeSourceIdsToAdd, {site: {world}});
    world.ownBots.setSite(own, settings, apiKey);
    const removed = new Set(knowledgeSourceIdsToRemove.map(Number));
    const kept = own.knowledge.filter((source) => !removed.has(source.knowledgeSourceId) && !added.includes(source));
    own.knowledge = [...kept, ...added];
    return {poeBotEdit: {status: 'success', statusMessage: null}};
  },

  deleteBot({botId}, {site: {world}}) {
    const own = world.ownBots.findById(botId);
    if (!own) throw new ServerError();
    world.ownBots.remove(own);
    return {poeBotDelete: {id: nodeId('Bot', own.bot.botId)}};
  },

  knowledge({after, first, id}, {site: {world}}) {
    const own = world.ownBots.all.find(({bot}) => nodeId('Bot', bot.botId) === id);
    if (!own) return {node: null};
    return {node: {knowledgeSourceConnection: listPage<unknown>(own.knowledge.map(sourceNode), first, after)}};
  },

  createKnowledge({sourceInput}, {site: {world}, uploads: [upload]}) {
    if ('text_input' in sourceInput) {
      const {title, content} = sourceInput.text_input;
      if (content.length > maxTextLength) return {knowledgeSourceCreate: {status: 'too_large', statusMessage: null}};
      return stored(world.ownBots.addSource(title, content));
    }
    if (!upload) throw new ServerError();
    if (upload.bytes.length > maxFileBytes) {
      return {knowledgeSourceCreate: {status: 'file_too_large', statusMessage: null}};
    }
    return stored(world.ownBots.addSource(upload.name, upload.bytes));
  },

  editKnowledge({knowledgeSourceId, sourceInput: {text_input: input}}, {site: {world}}) {
    const source = world.ownBots.source(knowledgeSourceId);
    if (!source || typeof source.content !== 'string') throw new ServerError();
    if (input.content.length > maxTextLength) return {knowledgeSourceEdit: {status: 'too_large', statusMessage: null}};
    Object.assign(source, {title: input.title, content: input.content});
    return {knowledgeSourceEdit: {status: 'success', statusMessage: null}};
  },
} satisfies Partial<Answers>;

/** The status that refuses a bot; undefined if it is accepted. */
function problemWith({handle, prompt, model}: SiteBotSettings): string | undefined {
  if (!/^[a-zA-Z0-9_.-]{4,20}$/.test(handle)) return 'invalid_handle';
  if (prompt.length > maxPromptLength) return 'prompt_too_long';
  return [...siteBots.map((bot) => bot.model), 'interpreter'].includes(model) ? undefined : 'base_bot_not_allowed';
}

function requireSources(
  ids: VariablesOf<'createBot'>['knowledgeSourceIds'],
  {site: {world}}: {site: Pick<AnswerContext['site'], 'world'>},
): KnowledgeSource[] {
  return ids.map((id) => {
    const source = world.ownBots.source(id);
    if (!source) throw new ServerError();
    return source;
  });
}

const created = ({bot}: OwnBot): RawAnswerOf<'createBot'> => ({
  poeBotCreate: Object.assign(
    {status: 'success', statusMessage: null},
    {
      bot: {id: nodeId('Bot', bot.botId), handle: bot.handle},
    },
  ),
});

const stored = (source: KnowledgeSource): RawAnswerOf<'createKnowledge'> => ({
  knowledgeSourceCreate: {status: 'success', statusMessage: null, source: sourceNode(source)},
});

const sourceNode = ({knowledgeSourceId, title}: KnowledgeSource) => ({knowledgeSourceId, title});

/** @param isWhose whether the node says whose the bot is */
const availableNode = (bot: Bot, isWhose: boolean) => ({
  __typename: 'Bot',
  id: nodeId('Bot', bot.botId),
  botId: bot.botId,
  handle: bot.handle,
  displayName: bot.displayName,
  deletionState: 'not_deleted',
  ...(isWhose && {viewerIsCreator: bot.isOwn === true}),
});

const toldSettings = ({prompt, profilePictureUrl, ...settings}: SiteBotSettings) => ({
  ...settings,
  promptPlaintext: prompt,
  picture: {url: profilePictureUrl},
});
