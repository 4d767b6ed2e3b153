import type {Backend} from './errors.js';
import type {CallOptions, ListOptions} from './options.js';
import type {Id} from './names/id.js';

/**
 * The account's own bots. With a browser session, all kinds that poe.com offers; with an API key, bots with an endpoint of one's own
 * (`/bots`). A method that the backend does not have throws `not_logged_in`.
 */
export interface OwnBots {
  list(options?: ListOptions): AsyncGenerator<OwnBot, void, undefined>;
  /**
   * @returns undefined if there is no bot with this handle
   * @throws PoeError `refused` if it belongs to somebody else
   */
  find(handle: string, options?: FindOptions): Promise<OwnBot | undefined>;
  /**
   * Creates a bot. It is created once: if the response is lost, `find` shows whether it exists.
   * @throws PoeError `refused` if Poe does not accept it, for example because the handle is taken
   */
  create(handle: string, settings: OwnBotSettings, options?: CreateOptions): Promise<void>;
  /** Changes a bot. `settings` are all settings, not only those that change. @throws PoeError `refused` */
  update(bot: OwnBot, settings: OwnBotSettings, options?: UpdateOptions): Promise<void>;
  /** Deletes a bot permanently. */
  delete(bot: OwnBot, options?: CallOptions): Promise<void>;
  /** The texts and files that a bot knows. Browser session only. */
  knowledge(bot: OwnBot, options?: ListOptions): AsyncGenerator<KnowledgeSource, void, undefined>;
  /**
   * Stores a text or a file on Poe. A bot knows it only after `create` or `update` with its ID. Browser session only.
   * @throws PoeError `refused`, `too_large`, `file`
   */
  addKnowledge(content: KnowledgeText | KnowledgeFile, options?: CallOptions): Promise<KnowledgeSource>;
  /** Replaces a text. Browser session only. */
  editKnowledge(id: Id, content: KnowledgeText, options?: CallOptions): Promise<void>;
  /** The internal names of the bots that can be base bots, with their kinds. Browser session only. */
  baseBots(options?: CallOptions): Promise<BaseBot[]>;
}

export interface FindOptions extends CallOptions {
  /** Where to look, if the client has two backends. */
  via?: Backend | undefined;
}

export interface CreateOptions extends CallOptions {
  /** The knowledge that the bot starts with. */
  knowledge?: readonly Id[] | undefined;
}

export interface UpdateOptions extends CallOptions {
  /** Default: the handle stays. Browser session only. */
  newHandle?: string | undefined;
  addedKnowledge?: readonly Id[] | undefined;
  removedKnowledge?: readonly Id[] | undefined;
}

export interface OwnBot {
  handle: string;
  /** The id in Poe's graph; null with an API key. */
  id: string | null;
  botId: Id | null;
  /** What Poe tells of the settings. It never tells keys. */
  settings: Partial<OwnBotSettings>;
}

export type OwnBotCategory = 'prompt' | 'image' | 'video' | 'role-play' | 'script' | 'api';

/** The settings of a bot. Those that do not apply to its kind are ignored. */
export interface OwnBotSettings {
  category: OwnBotCategory;
  /** Null shows the handle. */
  name: string | null;
  /** A handle, in any letter case. Null for scripts and API bots, and for Poe's default. */
  baseBot: string | null;
  /** The instructions, or the Python text of a script. */
  prompt: string | null;
  description: string;
  introduction: string;
  /** From 0 to 2; null for Poe's default. */
  temperature: number | null;
  isPrivate: boolean;
  isPromptPublic: boolean;
  suggestsReplies: boolean;
  hasMarkdown: boolean;
  citesSources: boolean;
  recommendsRelatedBots: boolean;
  /** As `messagePriceCc`, whose unit is not known. */
  messagePrice: number | null;
  /** Messages a day. */
  messageLimit: number | null;
  pictureUrl: string | null;
  /** The URL of a server that speaks Poe's bot protocol. */
  serverUrl: string | null;
  /** Poe never shows it. With an API key, null keeps the one that Poe has. */
  accessKey: string | null;
  /** An API compatible with OpenAI's, in Poe's format (`api_bot_settings`, without `api_key`). API key only. */
  endpoint: Readonly<Record<string, unknown>> | null;
  /** Parameter controls, version 2, in Poe's format. API key only. */
  parameterControls: Readonly<Record<string, unknown>> | null;
}

export interface KnowledgeText {
  title: string;
  text: string;
}

/** A file that a bot is to know. */
export interface KnowledgeFile {
  path: string;
  /** The file name to send. */
  name: string;
}

export interface KnowledgeSource {
  knowledgeSourceId: Id;
  /** Of a file, its name. */
  title: string | null;
}

export interface BaseBot {
  model: string;
  kind: 'text' | 'image' | 'video';
}

/** The methods of own bots whose code is loaded on first use. */
export function lazyOwnBots(load: () => Promise<OwnBots>): OwnBots {
  let loading: Promise<OwnBots> | undefined;
  const loaded = () => (loading ??= load());
  return {
    list: (options) => later(loaded(), (bots) => bots.list(options)),
    find: async (handle, options) => (await loaded()).find(handle, options),
    create: async (handle, settings, options) => (await loaded()).create(handle, settings, options),
    update: async (bot, settings, options) => (await loaded()).update(bot, settings, options),
    delete: async (bot, options) => (await loaded()).delete(bot, options),
    knowledge: (bot, options) => later(loaded(), (bots) => bots.knowledge(bot, options)),
    addKnowledge: async (content, options) => (await loaded()).addKnowledge(content, options),
    editKnowledge: async (id, content, options) => (await loaded()).editKnowledge(id, content, options),
    baseBots: async (options) => (await loaded()).baseBots(options),
  };
}

async function* later<T>(
  bots: Promise<OwnBots>,
  list: (bots: OwnBots) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  yield* list(await bots);
}
