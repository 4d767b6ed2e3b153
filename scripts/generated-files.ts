import {PassThrough} from 'node:stream';
import {program} from '../src/cli/program.js';
import {isGlobalOption} from '../src/commands/shared/options/global-options.js';
import {treeOf} from '../src/completion/tree.js';
import {Context} from '../src/context/context.js';
import {schemaUrl} from '../src/context/bot-folder/new-bot-folder.js';
import {BotSettings} from '../src/context/bot-folder/settings-schema.js';
import {TestsFile} from '../src/context/bot-tests/tests-schema.js';
import {jsonSchema} from './manual/json-schema.js';
import {manPage} from './manual/man.js';
import {markdownManual} from './manual/markdown.js';
import {manualOf} from './manual/pages.js';

type Files = Readonly<Record<string, string>>;

/** What bin/poe.js reads instead of loading the commands, by path. */
export async function distFiles(): Promise<Files> {
  const root = await wholeProgram();
  return {'dist/help.txt': root.helpInformation(), 'dist/commands.json': JSON.stringify(treeOf(root, isGlobalOption))};
}

/** The generated documents by path. */
export async function docsFiles(): Promise<Files> {
  const manual = manualOf(await wholeProgram());
  return {
    'docs/commands.md': markdownManual(manual),
    'docs/poe.1': manPage(manual),
    'schema/bot.schema.json': `${JSON.stringify(botSchema(), undefined, 2)}\n`,
    'schema/bot-tests.schema.json': `${JSON.stringify(testsSchema(), undefined, 2)}\n`,
  };
}

/** The JSON Schema of bot.yaml, for editors. */
const botSchema = () => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: schemaUrl,
  title: 'A bot of Poe',
  ...jsonSchema(BotSettings),
});

/** The JSON Schema of tests.yaml. */
const testsSchema = () => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: schemaUrl.replace('bot.schema.json', 'bot-tests.schema.json'),
  title: 'The tests of a bot of Poe',
  ...jsonSchema(TestsFile),
});

function wholeProgram() {
  const io = {stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {}};
  return program(new Context(io, new AbortController().signal));
}
