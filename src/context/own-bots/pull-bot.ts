import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Document} from 'yaml';
import {PoeError} from '../../core/errors.js';
import type {KnowledgeSource, OwnBot, OwnBotSettings} from '../../core/own-bots.js';
import {reasonOf} from '../../store/files/errors.js';
import {contentFileOf, settingsFile} from '../bot-folder/bot-folder.js';
import {schemaUrl} from '../bot-folder/new-bot-folder.js';
import {type PushStateFile, storable} from './push-state.js';
import {type Field, fieldNames, fieldsOf, shownValue} from './settings-of-folder.js';

/** What was written of a bot. */
export interface PulledBot {
  written: string[];
  /** Fields of bot.yaml, and files, whose content Poe does not tell. */
  missing: string[];
}

/** What a bot may have, if Poe does not tell what it is. */
const unknownBot: OwnBotSettings = {
  category: 'prompt',
  name: null,
  baseBot: '',
  prompt: null,
  description: '',
  introduction: '',
  temperature: null,
  isPrivate: true,
  isPromptPublic: false,
  suggestsReplies: false,
  hasMarkdown: true,
  citesSources: true,
  recommendsRelatedBots: true,
  messagePrice: null,
  messageLimit: null,
  pictureUrl: null,
  serverUrl: null,
  accessKey: null,
  endpoint: null,
  parameterControls: null,
};

/**
 * Writes a bot to a folder, as far as Poe tells it.
 * @param options.baseBot the handle of its base bot
 * @param options.mayReplace whether the files of a bot may be replaced
 * @throws PoeError `file`
 */
export function writePulledBot(
  path: string,
  bot: OwnBot,
  {
    stateFile,
    sources,
    baseBot,
    mayReplace,
  }: {stateFile: PushStateFile; sources: readonly KnowledgeSource[]; baseBot: string | null; mayReplace: boolean},
): PulledBot {
  const {settings} = bot;
  const category = settings.category ?? unknownBot.category;
  const fields = fieldsOf({...unknownBot, ...settings, category});
  const contentFile = settings.endpoint ? undefined : contentFileOf({category});
  const files = new Map([[settingsFile, settingsText(bot, {fields, category, baseBot})]]);
  if (contentFile !== undefined && settings.prompt) files.set(contentFile, `${settings.prompt.trimEnd()}\n`);
  const existing = [...files.keys()].map((file) => join(path, file)).find((file) => existsSync(file));
  if (existing !== undefined && !mayReplace) {
    throw new PoeError('file', `The file exists already: ${existing}`, {hint: 'To replace it, add --force.'});
  }
  try {
    mkdirSync(path, {recursive: true});
    for (const [file, text] of files) writeFileSync(join(path, file), text);
  } catch (error) {
    throw new PoeError('file', `Could not write ${path}: ${reasonOf(error)}`, {cause: error});
  }
  const before = stateFile.read();
  stateFile.write({...before, handle: bot.handle, seen: storable(settings), sent: storable(settings)});
  const missing = fields.flatMap((field) =>
    field in settings ? [] : field === 'prompt' ? (contentFile ?? []) : fieldNames[field],
  );
  return {
    written: [...files.keys()].map((file) => join(path, file)),
    missing: [...missing, ...sources.map(({title, knowledgeSourceId: id}) => `knowledge/${title ?? id}`)],
  };
}

interface SettingsTextOptions {
  fields: readonly Field[];
  category: OwnBotSettings['category'];
  baseBot: string | null;
}

function settingsText({handle, settings}: OwnBot, {fields, category, baseBot}: SettingsTextOptions): string {
  const shown = fields.flatMap((field): [string, unknown][] => {
    const value = settings[field];
    if (field === 'prompt' || field === 'category' || value === undefined || value === null) return [];
    return [[fieldNames[field], field === 'baseBot' ? (baseBot ?? value) : shownValue(field, value)]];
  });
  const keys = settings.serverUrl ? {access_key_env: 'POE_ACCESS_KEY'} : {};
  const document = new Document({handle, category, ...Object.fromEntries(shown), ...keys});
  document.commentBefore = ` yaml-language-server: $schema=${schemaUrl}`;
  return document.toString({lineWidth: 0});
}
