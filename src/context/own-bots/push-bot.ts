import {readFileSync} from 'node:fs';
import type {Client} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {Id} from '../../core/names/id.js';
import type {KnowledgeSource, OwnBot, OwnBotSettings} from '../../core/own-bots.js';
import {reasonOf} from '../../store/files/errors.js';
import type {BotFolder, KnowledgeFile} from '../bot-folder/bot-folder.js';
import {type BotPlan, planPush} from './plan.js';
import {type HashedFile, planKnowledge} from './plan-knowledge.js';
import {hashOf, noState, type PushState, type PushStateFile, storable} from './push-state.js';
import {fieldsOf, keyOf, settingsOf} from './settings-of-folder.js';

export interface PushDeps {
  client: Pick<Client, 'bots' | 'ownBots'>;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** A folder and its bot, compared. */
export interface PreparedPush {
  folder: BotFolder;
  local: OwnBotSettings;
  state: PushState;
  plan: BotPlan;
}

/**
 * Compares a folder with its bot on Poe. Nothing is changed.
 * @throws PoeError; `refused` if the handle belongs to a bot of somebody else
 */
export async function preparePush(
  folder: BotFolder,
  stateFile: PushStateFile,
  {client, signal}: Pick<PushDeps, 'client' | 'signal'>,
): Promise<PreparedPush> {
  const state = stateFile.read();
  const {handle} = folder.settings;
  const wanted = settingsOf(folder);
  const via = viaOf(wanted);
  const {bot, isOther} = await findBot(handle, state.handle, (name) => client.ownBots.find(name, {via, signal}));
  const local = await withBaseBot(wanted, bot, {client, signal});
  const sources = bot && hasKnowledge(folder) ? await listKnowledge(bot, {client, signal}) : [];
  // If the bot was deleted on Poe, what the state says about it is void, except knowledge that no bot has ever had.
  const known = isOther ? noState : bot ? state : {...state, seen: null, sent: null};
  const knowledge = planKnowledge(folder.knowledge.map(withHash), known.knowledge, sources);
  return {folder, local, state: known, plan: planPush({handle, local, bot, state: known, knowledge})};
}

const viaOf = ({endpoint}: OwnBotSettings) => (endpoint ? ('api' as const) : ('web' as const));

const hasKnowledge = ({settings: {category}}: BotFolder): boolean => category !== 'api' && category !== 'script';

/**
 * The bot with the handle of the folder, or else with the handle that it had at the last push.
 * @returns `isOther`: what was pushed is another bot, for example because the folder is a copy, or that of another account
 */
async function findBot(
  handle: string,
  pushed: string | null,
  find: (handle: string) => Promise<OwnBot | undefined>,
): Promise<{bot: OwnBot | undefined; isOther: boolean}> {
  const bot = await find(handle);
  if (pushed === null || pushed.toLowerCase() === handle.toLowerCase()) return {bot, isOther: false};
  try {
    const before = await find(pushed);
    return bot ? {bot, isOther: before !== undefined} : {bot: before, isOther: false};
  } catch (error) {
    if (error instanceof PoeError && error.code === 'refused') return {bot, isOther: true};
    throw error;
  }
}

/** Poe tells the internal name of the base bot; users write its handle. */
async function withBaseBot(
  settings: OwnBotSettings,
  bot: OwnBot | undefined,
  {client, signal}: Pick<PushDeps, 'client' | 'signal'>,
): Promise<OwnBotSettings> {
  const {baseBot} = settings;
  const shown = bot?.settings.baseBot;
  if (baseBot === null || !shown || shown.toLowerCase() === baseBot.toLowerCase()) return settings;
  const info = await client.bots.info(baseBot, {via: 'web', signal}).catch((error: unknown) => {
    if (error instanceof PoeError && error.code === 'bot_not_found') return undefined;
    throw error;
  });
  return info?.model?.toLowerCase() === shown.toLowerCase() ? {...settings, baseBot: shown} : settings;
}

/** Reports a base bot that does not exist before all knowledge is sent. It may also be an internal name. @throws PoeError */
async function requireBaseBot(name: string, {client, signal}: Pick<PushDeps, 'client' | 'signal'>): Promise<void> {
  const allowed = await client.ownBots.baseBots({signal});
  if (allowed.some(({model}) => model.toLowerCase() === name.toLowerCase())) return;
  await client.bots.info(name, {via: 'web', signal});
}

async function listKnowledge(
  bot: OwnBot,
  {client, signal}: Pick<PushDeps, 'client' | 'signal'>,
): Promise<KnowledgeSource[]> {
  const sources: KnowledgeSource[] = [];
  for await (const source of client.ownBots.knowledge(bot, {signal})) sources.push(source);
  return sources;
}

const withHash = (file: KnowledgeFile): HashedFile => ({...file, sha256: hashOf(contentOf(file))});

function contentOf({path}: KnowledgeFile): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new PoeError('file', `Cannot read ${path}: ${reasonOf(error)}`, {cause: error});
  }
}

export interface PushOptions {
  /** Called before a text or file is sent. */
  onKnowledge?: (name: string, number: number, count: number) => void;
  /** Send the settings even if they do not seem to differ. */
  isForced?: boolean;
}

/**
 * Makes the bot on Poe match its folder. After each step the state is stored, so that an interrupted push can be continued.
 * @throws PoeError
 */
export async function push(
  {folder, local, state: before, plan}: PreparedPush,
  stateFile: PushStateFile,
  {client, env, signal}: PushDeps,
  {onKnowledge = () => {}, isForced = false}: PushOptions = {},
): Promise<void> {
  const {ownBots} = client;
  const {bot, knowledge} = plan;
  const {handle} = folder.settings;
  const mayKeep = bot !== undefined && local.endpoint !== null;
  // Reports a missing key before anything is sent.
  keyOf(folder.settings, env, {mayKeep});
  const steps = [
    ...knowledge.changed.map(({file, id, isAttached}) => ({file, id, isAttached})),
    ...knowledge.added.map((file) => ({file, id: undefined, isAttached: false})),
  ];
  if (!bot && steps.length > 0 && local.baseBot !== null) await requireBaseBot(local.baseBot, {client, signal});
  let state = before;
  const store = (change: Partial<PushState>) => stateFile.write((state = {...state, ...change}));
  const removed = knowledge.removed.map(({id}) => id);
  for (const [index, {file, id, isAttached}] of steps.entries()) {
    onKnowledge(file.name, index + 1, steps.length);
    const isEdited = id !== undefined && file.isText;
    if (id !== undefined && !isEdited && isAttached) removed.push(id);
    const stored = isEdited ? await edit(file, id, {isAttached}) : await add(file);
    const {replaces = []} = state.knowledge.find(({name}) => name === file.name) ?? {};
    const replaced = id !== undefined && !isEdited && isAttached ? [...replaces, id] : replaces;
    const entry = {
      name: file.name,
      id: stored,
      sha256: file.sha256,
      isAttached: isEdited && isAttached,
      ...(replaced.length > 0 && {replaces: replaced}),
    };
    store({knowledge: [...state.knowledge.filter(({name}) => name !== file.name), entry]});
  }
  const added = state.knowledge.filter(({isAttached, name}) => !isAttached && isInFolder(name)).map(({id}) => id);
  const needsUpdate =
    isForced || plan.renamedFrom !== undefined || plan.changes.length + added.length + removed.length > 0;
  let now = bot;
  if (!bot || needsUpdate) {
    const settings = {...local, accessKey: keyOf(folder.settings, env, {mayKeep})};
    store({sent: storable(pick(settings, fieldsOf(local)))});
    const options = {newHandle: handle, addedKnowledge: added, removedKnowledge: removed, signal};
    if (bot) await ownBots.update(bot, settings, options);
    else await ownBots.create(handle, settings, {knowledge: added, signal});
    now = await ownBots.find(handle, {via: viaOf(local), signal});
  }
  store({
    handle,
    seen: storable(now?.settings ?? {}),
    knowledge: state.knowledge.flatMap(({name, id, sha256}) =>
      isInFolder(name) ? {name, id, sha256, isAttached: true} : [],
    ),
  });

  function isInFolder(name: string): boolean {
    return folder.knowledge.some((file) => file.name === name);
  }

  async function add(file: HashedFile): Promise<Id> {
    const content = file.isText ? textOf(file) : {path: file.path, name: file.name};
    return (await ownBots.addKnowledge(content, {signal})).knowledgeSourceId;
  }

  async function edit(file: HashedFile, id: Id, {isAttached}: {isAttached: boolean}): Promise<Id> {
    try {
      await ownBots.editKnowledge(id, textOf(file), {signal});
      return id;
    } catch (error) {
      // One that no bot knows may be gone.
      if (isAttached || !(error instanceof PoeError && error.code === 'refused')) throw error;
      return add(file);
    }
  }
}

const textOf = (file: HashedFile) => ({
  title: file.name,
  text: contentOf(file)
    .toString('utf8')
    .replace(/^\uFEFF/, ''),
});

const pick = (settings: OwnBotSettings, fields: readonly (keyof OwnBotSettings)[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, settings[field]]));
