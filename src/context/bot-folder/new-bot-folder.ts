import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {stringify} from 'yaml';
import {PoeError} from '../../core/errors.js';
import {reasonOf} from '../../store/files/errors.js';
import {contentFileOf, knowledgeFolder, promptFile, settingsFile} from './bot-folder.js';
import {type BotCategory, handlePattern} from './settings-schema.js';

/** The schema of bot.yaml, for editors. */
export const schemaUrl = 'https://raw.githubusercontent.com/poe-cli/poe-cli/main/schema/bot.schema.json';

/**
 * Creates the folder of a bot that does not exist yet. Files that exist are kept, except that there must be no bot.yaml.
 * @param options.handle default: the name of the folder
 * @returns the paths of the files that were written
 * @throws PoeError `file`, `usage` if the handle is invalid
 */
export function createBotFolder(
  path: string,
  {handle = basename(resolve(path)), category = 'prompt'}: {handle?: string | undefined; category?: BotCategory},
): string[] {
  if (!handlePattern.test(handle)) {
    throw new PoeError('usage', `Invalid handle: ${JSON.stringify(handle)}`, {
      hint: 'A handle has 4 to 20 letters, digits, ".", "-" or "_".',
    });
  }
  const settings = join(path, settingsFile);
  if (existsSync(settings)) throw new PoeError('file', `The bot exists already: ${settings}`);
  const contentFile = contentFileOf({category});
  const files = new Map([[settings, settingsText(handle, category)]]);
  if (contentFile !== undefined) files.set(join(path, contentFile), contentFile === promptFile ? prompt : script);
  try {
    mkdirSync(category === 'script' || category === 'api' ? path : join(path, knowledgeFolder), {recursive: true});
    const missing = [...files].filter(([file]) => !existsSync(file));
    for (const [file, text] of missing) writeFileSync(file, text, {flag: 'wx'});
    return missing.map(([file]) => file);
  } catch (error) {
    throw new PoeError('file', `Could not create ${path}: ${reasonOf(error)}`, {cause: error});
  }
}

const prompt = 'You are a helpful assistant. Answer in one paragraph.\n';

const script = `# Poe runs this script when somebody sends a message to the bot.
print("Hello")
`;

const settingsText = (handle: string, category: BotCategory): string => `# yaml-language-server: $schema=${schemaUrl}
handle: ${inYaml(handle)}
name: ${inYaml(handle)}
category: ${category}
${ofCategory[category]}description: ''
introduction: ''
visibility: private
`;

/** In quotes if it would be a number or another value without them. */
const inYaml = (text: string): string => stringify(text).trimEnd();

const ofPrompt = 'base_bot: GPT-4o-Mini\nsuggested_replies: false\nprompt_visibility: private\n';
const ofCategory: Record<BotCategory, string> = {
  prompt: ofPrompt,
  'role-play': ofPrompt,
  image: 'base_bot: FLUX-schnell\nprompt_visibility: private\n',
  video: 'base_bot: Runway\nprompt_visibility: private\n',
  script: 'prompt_visibility: private\n',
  api: 'server_url: https://example.com/\naccess_key_env: POE_ACCESS_KEY\n',
};
