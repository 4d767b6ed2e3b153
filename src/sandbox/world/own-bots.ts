import type {VariablesOf} from '../../core/web/protocol/operations.js';
import type {Id} from '../../core/names/id.js';
import {type Bot, bots, interpreter} from './bots.js';
import {seededNumber} from './seeded.js';

/** The settings of a bot as the site receives them, without the key of its server. */
export type SiteBotSettings = Omit<VariablesOf<'createBot'>, 'apiKey' | 'inviteCodeReqHash' | 'knowledgeSourceIds'>;

/** The settings of a bot as the API receives them. */
export interface ApiBotSettings {
  description: string;
  is_private: boolean;
  api_bot_settings: Record<string, unknown>;
  parameter_controls: Record<string, unknown> | null;
}

/** A bot of the account. */
export interface OwnBot {
  readonly bot: {-readonly [K in keyof Bot]: Bot[K]};
  site: SiteBotSettings | null;
  api: ApiBotSettings | null;
  /** The key of its server or endpoint. It is not shown to anybody. */
  key: string | null;
  knowledge: KnowledgeSource[];
}

export interface KnowledgeSource {
  readonly knowledgeSourceId: number;
  title: string;
  content: string | Uint8Array;
}

/** The bots of the account, and the knowledge it has stored. */
export class OwnBots {
  readonly #bots: OwnBot[] = [];
  readonly #sources = new Map<number, KnowledgeSource>();
  #lastBotId = 7_300_000;
  #lastSourceId = 120_400_000;

  get all(): readonly OwnBot[] {
    return this.#bots;
  }

  /** All sources that were ever stored, also those that no bot knows. */
  get sources(): readonly KnowledgeSource[] {
    return [...this.#sources.values()];
  }

  /** Finds a bot by its handle, in any letter case. */
  find(handle: string): OwnBot | undefined {
    return this.#bots.find(({bot}) => bot.handle.toLowerCase() === handle.toLowerCase());
  }

  findById(botId: Id): OwnBot | undefined {
    return this.#bots.find(({bot}) => bot.botId === Number(botId));
  }

  add(handle: string): OwnBot {
    const botId = (this.#lastBotId += 1 + seededNumber(`bot after ${this.#lastBotId}`, 90));
    const bot = {...interpreter, botId, handle, displayName: handle, isMadeByUser: true, isOwn: true};
    const own: OwnBot = {bot, site: null, api: null, key: null, knowledge: []};
    this.#bots.push(own);
    return own;
  }

  /** Applies the settings of the site. */
  setSite(own: OwnBot, settings: SiteBotSettings, apiKey: string | null): void {
    const base = [...bots, interpreter].find(({model}) => model === settings.model) ?? interpreter;
    own.site = settings;
    own.key = apiKey ?? own.key;
    Object.assign(own.bot, {
      handle: settings.handle,
      displayName: settings.displayName ?? settings.handle,
      // Messages name their bot by its own model.
      model: settings.handle.toLowerCase(),
      pictureUrl: settings.profilePictureUrl ?? base.pictureUrl,
      description: settings.description,
      introduction: settings.introduction,
      poweredBy: settings.isApiBot ? null : `Powered by ${base.displayName}.`,
      price: base.price + (settings.messagePriceCc ?? 0),
      categories: ['New'],
      isPrivate: settings.isPrivateBot,
      server: settings.isApiBot && settings.apiUrl !== null ? {url: settings.apiUrl, key: own.key} : undefined,
    });
  }

  /** Applies the settings of the API. */
  setApi(own: OwnBot, settings: ApiBotSettings, key: string | null): void {
    own.api = settings;
    own.key = key;
    const {description, is_private: isPrivate} = settings;
    Object.assign(own.bot, {model: own.bot.handle.toLowerCase(), description, isPrivate, categories: ['New']});
  }

  remove(own: OwnBot): void {
    this.#bots.splice(this.#bots.indexOf(own), 1);
  }

  addSource(title: string, content: string | Uint8Array): KnowledgeSource {
    const knowledgeSourceId = (this.#lastSourceId += 1);
    const source = {knowledgeSourceId, title, content};
    this.#sources.set(knowledgeSourceId, source);
    return source;
  }

  source(id: Id): KnowledgeSource | undefined {
    return this.#sources.get(Number(id));
  }
}
