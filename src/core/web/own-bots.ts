import {PoeError} from '../errors.js';
import {openFile} from '../files/outgoing-file.js';
import {forwards} from '../pages.js';
import type {CallOptions, ListOptions} from '../options.js';
import type {
  BaseBot,
  CreateOptions,
  KnowledgeFile,
  KnowledgeSource,
  KnowledgeText,
  OwnBot,
  OwnBots,
  OwnBotSettings,
  UpdateOptions,
} from '../own-bots.js';
import {apiOnly} from '../unsupported.js';
import type {Id} from '../names/id.js';
import {parseBotName} from '../names/bot-name.js';
import type {WebBots} from './bots.js';
import {botSettings, interpreter, toOwnBot} from './own-bot-settings.js';
import {assertBotSaved, assertKnowledgeSaved} from './own-bot-errors.js';
import {assertDone, assertPresent} from './protocol/assert-success.js';
import type {OwnBotNode} from './protocol/operations/own-bots.js';
import type {GraphqlClient} from './session/graphql-client.js';

const pageSize = 50;

/** The account's own bots on poe.com. */
export class WebOwnBots implements OwnBots {
  constructor(
    readonly graphql: GraphqlClient,
    readonly bots: WebBots,
  ) {}

  /** Poe lists all bots that the account can choose from. Those that do not say whose they are, are looked up one by one. */
  async *list({limit = Number.POSITIVE_INFINITY, signal}: ListOptions = {}): AsyncGenerator<OwnBot, void, undefined> {
    let count = 0;
    const nodes = forwards(
      (cursor) => this.#availableBots(cursor, {signal}),
      ({botId}) => String(botId),
      {signal},
    );
    for await (const node of nodes) {
      if (count >= limit) return;
      const isDeleted = node.deletionState !== null && node.deletionState !== 'not_deleted';
      if (isDeleted || node.viewerIsCreator === false || node.handle === null) continue;
      const own = node.viewerIsCreator === null ? await this.#lookUp(node.handle, {signal}) : node;
      if (own?.viewerIsCreator !== true) continue;
      count++;
      yield toOwnBot({...node, ...own}, node.handle);
    }
  }

  async find(handle: string, options?: CallOptions): Promise<OwnBot | undefined> {
    const name = parseBotName(handle);
    const node = await this.#lookUp(name, options);
    if (!node || (node.deletionState !== null && node.deletionState !== 'not_deleted')) return undefined;
    if (node.viewerIsCreator === false) {
      throw new PoeError('refused', `The bot ${node.handle ?? name} is not yours`, {hint: 'Choose another handle.'});
    }
    // Its page tells some of the settings, and the exact handle.
    const page = await this.bots.info(name, options).catch((error: unknown) => {
      if (error instanceof PoeError && ['bot_not_found', 'refused'].includes(error.code)) return undefined;
      throw error;
    });
    const shown = page && {
      handle: page.handle,
      displayName: page.displayName,
      description: page.description,
      introduction: page.introduction,
      picture: {url: page.pictureUrl},
    };
    return toOwnBot({...node, ...withoutNulls(shown ?? {}), ...withoutNulls(node)}, name);
  }

  async create(handle: string, settings: OwnBotSettings, {knowledge = [], signal}: CreateOptions = {}): Promise<void> {
    const base = await this.#baseBot(settings, signal);
    const {botCategory, start, middle, end} = botSettings(handle, settings);
    const {poeBotCreate} = await this.graphql.call(
      'createBot',
      {
        botCategory,
        model: base,
        ...start,
        isApiBot: settings.category === 'api',
        ...middle,
        knowledgeSourceIds: [...knowledge],
        ...end,
        inviteCodeReqHash: null,
      },
      {signal},
    );
    assertBotSaved('createBot', handle, poeBotCreate);
  }

  async update(
    bot: OwnBot,
    settings: OwnBotSettings,
    {newHandle = bot.handle, addedKnowledge = [], removedKnowledge = [], signal}: UpdateOptions = {},
  ): Promise<void> {
    const baseBot = await this.#baseBot(settings, signal);
    const {botCategory, start, middle, end} = botSettings(newHandle, settings);
    const {poeBotEdit} = await this.graphql.call(
      'editBot',
      {
        botCategory,
        baseBot,
        botId: requireBotId(bot),
        ...start,
        ...middle,
        knowledgeSourceIdsToAdd: [...addedKnowledge],
        knowledgeSourceIdsToRemove: [...removedKnowledge],
        ...end,
      },
      {signal},
    );
    assertBotSaved('editBot', newHandle, poeBotEdit);
  }

  async delete(bot: OwnBot, options?: CallOptions): Promise<void> {
    const {poeBotDelete} = await this.graphql.call('deleteBot', {botId: requireBotId(bot)}, options);
    assertDone('deleteBot', `delete the bot ${bot.handle}`, poeBotDelete);
  }

  knowledge(bot: OwnBot, options: ListOptions = {}): AsyncGenerator<KnowledgeSource, void, undefined> {
    return forwards(
      async (cursor) => {
        const {node} = await this.graphql.call(
          'knowledge',
          {after: cursor ?? null, first: pageSize, id: bot.id ?? ''},
          options,
        );
        const page = node?.knowledgeSourceConnection;
        // Without the place of the next page, the rest would seem to be missing.
        const isCut = page?.pageInfo === null && page.nodes.length >= pageSize;
        return assertPresent('knowledge', 'list what the bot knows', isCut ? null : page);
      },
      ({knowledgeSourceId}) => String(knowledgeSourceId),
      options,
    );
  }

  async addKnowledge(content: KnowledgeText | KnowledgeFile, options?: CallOptions): Promise<KnowledgeSource> {
    const answer =
      'text' in content
        ? await this.graphql.call('createKnowledge', {sourceInput: textInput(content)}, options)
        : await this.graphql.upload(
            'createKnowledge',
            (_facts, {attachments: [attachment = null]}) => ({sourceInput: {file_upload: {attachment}}}),
            [await openFile({...content, source: content.path})],
            {...options, place: {field: 'file', path: 'variables.sourceInput.file_upload.attachment'}},
          );
    const created = answer.knowledgeSourceCreate;
    const title = 'text' in content ? content.title : content.name;
    assertKnowledgeSaved('createKnowledge', title, created);
    return assertPresent('createKnowledge', `store ${title}`, created?.source);
  }

  async editKnowledge(id: Id, content: KnowledgeText, options?: CallOptions): Promise<void> {
    const variables = {knowledgeSourceId: id, sourceInput: textInput(content)};
    const {knowledgeSourceEdit} = await this.graphql.call('editKnowledge', variables, options);
    assertKnowledgeSaved('editKnowledge', content.title, knowledgeSourceEdit);
  }

  async baseBots(options?: CallOptions): Promise<BaseBot[]> {
    const {viewer} = await this.graphql.call('baseBots', {messageId: null}, options);
    const bots = assertPresent('baseBots', 'list the base bots', viewer?.botsAllowedForUserCreation);
    return bots.flatMap(({model, isImageGen, isVideoGen}) =>
      model === null ? [] : {model, kind: isImageGen ? ('image' as const) : isVideoGen ? 'video' : 'text'},
    );
  }

  /** The internal name of the base bot. @throws PoeError `refused` if the bot cannot be one */
  async #baseBot(settings: OwnBotSettings, signal: AbortSignal | undefined): Promise<string> {
    const {category, baseBot, endpoint} = settings;
    if (endpoint !== null) throw apiOnly.endpoint();
    if (category === 'script') return (await this.bots.info(interpreter, {signal})).model ?? interpreter;
    const kind = category === 'image' || category === 'video' ? category : 'text';
    const allowed = (await this.baseBots({signal})).filter((bot) => bot.kind === kind).map(({model}) => model);
    const isAllowed = (model: string) => allowed.some((each) => each.toLowerCase() === model.toLowerCase());
    if (baseBot === null || category === 'api') return allowed[0] ?? noBaseBot(kind);
    if (isAllowed(baseBot)) return baseBot;
    const {handle, model} = await this.bots.info(baseBot, {signal});
    if (model !== null && (allowed.length === 0 || isAllowed(model))) return model;
    throw new PoeError('refused', `${handle} cannot be the base bot of a bot for ${kind}s`.replace('texts', 'text'), {
      hint: `Poe allows: ${allowed.slice(0, 20).join(', ')}`,
    });
  }

  async #availableBots(cursor: string | undefined, options: CallOptions) {
    const {viewer} = await this.graphql.call(
      'availableBots',
      ({siteVersion}) =>
        siteVersion === '2025-03'
          ? {...(cursor !== undefined && {cursor})}
          : {
              botSelectorFilter: 'all' as const,
              cursor: cursor ?? null,
              filterCanvasOnlyBots: false,
              includeHomePageBotSelectorFragment: false,
              limit: pageSize,
            },
      options,
    );
    return assertPresent('availableBots', 'list your bots', viewer?.availableBotsConnection);
  }

  async #lookUp(botName: string, options?: CallOptions): Promise<OwnBotNode | undefined> {
    const {bot} = await this.graphql.call(
      'botOfViewer',
      {
        useChat: false,
        useBotName: true,
        useBotId: false,
        useShareCode: false,
        usePostId: false,
        chatCode: 0,
        botName,
        botId: 0,
        shareCode: '',
        postId: 0,
      },
      options,
    );
    return bot ?? undefined;
  }
}

const textInput = ({title, text}: KnowledgeText) => ({text_input: {title, content: text}});

function requireBotId({botId, handle}: OwnBot): Id {
  if (botId !== null) return botId;
  throw new PoeError('usage', `The number of the bot ${handle} is missing`, {hint: 'Use find to get the bot.'});
}

const noBaseBot = (kind: string): never => {
  throw new PoeError('refused', `Poe allows no base bot for ${kind}`, {hint: 'Check the account on poe.com.'});
};

/** The fields that are not null. */
const withoutNulls = <T extends object>(object: T): Partial<T> =>
  // Object.fromEntries forgets the type of the object.
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) as Partial<T>;
