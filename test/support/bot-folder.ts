import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {storeSiteFacts} from './setup/earlier-run.js';
import {temporaryFolder, withSandbox} from './harness.js';

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
}

/** Creates the folder of a bot for questions, with the handle `Faq-Bot`. */
export function newBot(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  writeFiles(folder, {
    'bot.yaml': 'handle: Faq-Bot\nname: FAQ\nbase_bot: GPT-4o-Mini\ndescription: Answers.\nvisibility: public\n',
    'prompt.md': 'Answer from the FAQ.\nBe brief.\n',
    ...files,
  });
  return folder;
}

/** As `withSandbox`, with the facts about the site that an earlier run has stored, which takes less time. */
export async function withStoredFacts(options: SandboxOptions = {}) {
  const setup = await withSandbox(options);
  storeSiteFacts(setup.configDir, setup.sandbox);
  return setup;
}
