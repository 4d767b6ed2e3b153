import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {temporaryFolder} from './harness.js';

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
