import {isUtf8} from 'node:buffer';
import {accessSync, constants, existsSync, lstatSync, readdirSync, statSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {readBytes} from '../../store/files/read-file.js';
import {type FileProblem, readYaml, type YamlFile} from './read-yaml.js';
import {BotSettings, fieldCategories} from './settings-schema.js';

export type {BotCategory, BotSettings} from './settings-schema.js';

export const settingsFile = 'bot.yaml';
export const promptFile = 'prompt.md';
const scriptFile = 'script.py';
export const knowledgeFolder = 'knowledge';

/** A bot as a folder: `bot.yaml`, `prompt.md` or `script.py`, and `knowledge/`. */
export interface BotFolder {
  path: string;
  settings: BotSettings;
  /** The content of prompt.md, or of script.py for a script; null for an API bot. */
  prompt: string | null;
  /** In the order of their names. */
  knowledge: KnowledgeFile[];
}

/** A file in `knowledge/`. */
export interface KnowledgeFile {
  /** Its path below `knowledge/`, with slashes. Also its title on Poe. */
  name: string;
  path: string;
  /** Markdown and plain text are sent as text; everything else as a file. */
  isText: boolean;
  /** In bytes. */
  size: number;
}

/** A link could point to a file that must not be sent. */
const notRegular = 'Must be a regular file, not a link';
/** Other text would be sent with wrong characters. */
const notUtf8 = 'Must be text in UTF-8';

/** How much text of one file is read. */
const maxTextBytes = 10_000_000;

/**
 * Reads the folder of a bot.
 * @throws PoeError `file` with the fact `problems`: all that is wrong, each with its file, line and column
 */
export function readBotFolder(path: string): BotFolder {
  const problems: string[] = [];
  const label = (file: string) => join(path, file);
  const report = (file: string, {line, column, text}: FileProblem) =>
    void problems.push(`${label(file)}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${text}`);
  const source = readSettingsFile(path);
  if (source === undefined) throw new PoeError('file', `${label(settingsFile)}: ${notUtf8}`);
  const read = readYaml(source, BotSettings);
  if ('problems' in read) {
    for (const problem of read.problems) report(settingsFile, problem);
    throw invalidFolder(path, problems);
  }
  for (const problem of checkCategory(read)) report(settingsFile, problem);
  const settings = read.value;
  const contentFile = contentFileOf(settings);
  const prompt = contentFile === undefined ? null : readContent(path, contentFile, (file, each) => report(file, each));
  for (const file of [promptFile, scriptFile]) {
    if (file !== contentFile && existsSync(join(path, file)))
      report(file, {text: `A bot of the category ${settings.category} has no ${file}`});
  }
  const knowledge = listKnowledge(path, (file, each) => report(file, each));
  if (knowledge.length > 0 && (settings.category === 'script' || settings.category === 'api'))
    report(knowledgeFolder, {text: `A bot of the category ${settings.category} has no knowledge`});
  if (problems.length > 0) throw invalidFolder(path, problems);
  return {path, settings, prompt, knowledge};
}

/** The file with the prompt or the script; undefined for a bot that runs on a server. */
export const contentFileOf = ({category}: Pick<BotSettings, 'category'>): string | undefined =>
  category === 'api' ? undefined : category === 'script' ? scriptFile : promptFile;

/** @returns undefined if it is not UTF-8 */
function readSettingsFile(path: string): string | undefined {
  const file = join(path, settingsFile);
  try {
    return readUtf8(file);
  } catch (error) {
    const isMissing = isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR');
    throw new PoeError(
      'file',
      isMissing ? `No ${settingsFile} in ${path}` : `Cannot read ${file}: ${reasonOf(error)}`,
      {
        ...(isMissing && {remedy: 'create_bot_folder'}),
        cause: error,
      },
    );
  }
}

/** Fields that do not fit the category of the bot. */
function checkCategory({value, problemAt}: YamlFile<BotSettings>): FileProblem[] {
  const {category} = value;
  const unfit = Object.entries(fieldCategories).flatMap(([field, allowed]) =>
    field in value && !allowed.includes(category)
      ? [problemAt([field], `${field} does not apply to a bot of the category ${category}`)]
      : [],
  );
  if (category !== 'api') return unfit;
  const {server_url: server, endpoint, access_key_env: key, parameter_controls: controls} = value;
  if (server === undefined && endpoint === undefined)
    return [...unfit, problemAt(['category'], 'An api bot needs server_url or endpoint')];
  if (server !== undefined && endpoint !== undefined)
    return [...unfit, problemAt(['endpoint'], 'server_url and endpoint cannot be combined')];
  const hasEndpoint = endpoint !== undefined;
  return [
    ...unfit,
    ...(hasEndpoint && key !== undefined
      ? [problemAt(['access_key_env'], 'access_key_env belongs to server_url; with endpoint, use endpoint.api_key_env')]
      : []),
    ...(hasEndpoint
      ? onlyOnSite.flatMap((field) =>
          field in value ? [problemAt([field], `${field} does not apply to a bot with endpoint`)] : [],
        )
      : []),
    ...(!hasEndpoint && controls !== undefined
      ? [problemAt(['parameter_controls'], 'parameter_controls needs endpoint: a server sends its own controls')]
      : []),
  ];
}

/** Fields that Poe's API does not have. */
const onlyOnSite = [
  'name',
  'introduction',
  'suggested_replies',
  'markdown',
  'related_bots',
  'message_price',
  'message_limit',
  'picture_url',
] as const;

type Report = (file: string, problem: FileProblem) => void;

function readContent(path: string, file: string, report: Report): string | null {
  try {
    const stats = lstatSync(join(path, file));
    if (!stats.isFile()) report(file, {text: notRegular});
    else if (stats.size > maxTextBytes) report(file, {text: `The file is larger than ${maxTextBytes / 1_000_000} MB`});
    else {
      const text = readUtf8(join(path, file))?.replaceAll('\r\n', '\n').trimEnd();
      if (text === undefined) report(file, {text: notUtf8});
      else if (text.trim() === '') report(file, {text: 'The file is empty'});
      return text ?? null;
    }
  } catch (error) {
    report(file, {text: isSystemError(error, 'ENOENT') ? 'The file is missing' : `Cannot be read: ${reasonOf(error)}`});
  }
  return null;
}

/** @returns undefined if the file is not UTF-8 */
function readUtf8(file: string): string | undefined {
  const bytes = readBytes(file);
  return isUtf8(bytes) ? bytes.toString('utf8').replace(/^\uFEFF/, '') : undefined;
}

/** The files of `knowledge/`, also in folders of it. Hidden ones are left out. */
function listKnowledge(path: string, report: Report): KnowledgeFile[] {
  const root = join(path, knowledgeFolder);
  if (!existsSync(root)) return [];
  if (!lstatSync(root).isDirectory()) {
    report(knowledgeFolder, {text: 'Must be a folder'});
    return [];
  }
  return readdirSync(root, {withFileTypes: true, recursive: true})
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {entry, path, name: relative(root, path).replaceAll(sep, '/')};
    })
    .filter(({entry, name}) => !entry.isDirectory() && !name.split('/').some((part) => part.startsWith('.')))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({entry, name, path}): KnowledgeFile[] => {
      const size = entry.isFile() ? statSync(path).size : undefined;
      const isText = /\.(?:md|markdown|txt)$/i.test(name);
      const problem = size === undefined ? notRegular : size === 0 ? 'The file is empty' : problemWith(path, isText);
      if (problem === undefined) return [{name, path, isText, size: size ?? 0}];
      report(`${knowledgeFolder}/${name}`, {text: problem});
      return [];
    });
}

function problemWith(path: string, isText: boolean): string | undefined {
  try {
    if (!isText) accessSync(path, constants.R_OK);
    return isText && readUtf8(path) === undefined ? notUtf8 : undefined;
  } catch (error) {
    return `Cannot be read: ${reasonOf(error)}`;
  }
}

function invalidFolder(path: string, problems: readonly string[]): PoeError {
  const [first = '', ...more] = problems;
  if (more.length === 0) return new PoeError('file', first);
  return new PoeError('file', `The bot in ${path} has ${problems.length} problems`, {problems});
}
