import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Template} from '../../context/templates/template.js';
import {PoeError} from '../../core/errors.js';
import {addBotOptions, type BotFlags, botOptions, nameAndValue} from '../shared/options/bot-options.js';
import {readPipedText} from '../shared/read-message.js';

interface SaveFlags extends BotFlags {
  bot?: string;
  system?: string;
  description?: string;
  schema?: string;
  default?: Record<string, string>;
  force?: boolean;
}

export const templateSave = (context: Context) =>
  addBotOptions(
    new Command('save')
      .summary('Save a message as a template')
      .description(
        'Save a message from the arguments or stdin as a template. {{name}} is a variable, {{1}} an argument, {{stdin}} the text on stdin, and {{input}} arguments and stdin.',
      )
      .argument('<name>', 'Name of the template')
      .argument('[message...]', 'Message with variables')
      .option('-b, --bot <bot>', 'Bot that replies')
      .option('--system <text>', 'System prompt, or @ and the path of a text file')
      .option('--default <name=value>', 'Value of a variable that is not set (repeatable)', nameAndValue)
      .option('--schema <schema>', 'Schema of the reply: a .json file, or fields')
      .option('--description <text>', 'What the template is for')
      .option('--force', 'Replace a template with this name'),
  ).action(async (name: string, words: string[], flags: SaveFlags) => {
    const [folder, {checkName}, {formatTemplate, parseTemplate}] = await Promise.all([
      context.templates(),
      import('../../context/templates/template-folder.js'),
      import('../../context/templates/template.js'),
    ]);
    if (!flags.force && folder.has(checkName(name))) {
      throw new PoeError('usage', `There is already a template ${name}`, {
        hint: 'To replace it, add --force.',
      });
    }
    const {prompt: text, ...own} = await templateOf(words, flags, context);
    // The text may be a whole file, for example one that was shown.
    const {prompt, ...template} = parseTemplate(text, name);
    const source = formatTemplate({...template, ...definedOf(own), prompt});
    parseTemplate(source, name);
    folder.write(name, source);
    context.output.result({name, path: folder.pathOf(name)}, ({path}) => `Saved ${path}`);
  });

/** Without what is undefined or empty, so that it replaces nothing. */
const definedOf = (values: Omit<Template, 'prompt'>): Omit<Template, 'prompt'> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && JSON.stringify(value) !== '{}'),
  );

async function templateOf(words: readonly string[], flags: SaveFlags, context: Context): Promise<Template> {
  const text = words.filter((word) => word !== '-').join(' ');
  const {bot, description, default: defaults} = flags;
  const {parameters, effort} = botOptions(flags);
  const system = await readSystem(flags.system);
  const isNeeded = text === '' && system === undefined;
  const prompt = text === '' ? await readPipedText(words, {isNeeded}, context) : text;
  if (prompt.trim() === '' && system === undefined) {
    throw new PoeError('usage', 'The template is empty', {
      hint: 'Write its message after the name, or pipe it in.',
    });
  }
  const schema = flags.schema === undefined ? undefined : await templateSchema(flags.schema);
  return {description, bot, system, effort, parameters: {...parameters}, schema, defaults, prompt};
}

/** Fields as they are; the content of a file, so that the template is complete. @throws PoeError */
async function templateSchema(text: string): Promise<Template['schema']> {
  const {readSchema} = await import('../shared/schema/read-schema.js');
  const schema = await readSchema(text);
  return /\.json$|^@/.test(text) ? {...schema} : text;
}

async function readSystem(text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  const {readTextArgument} = await import('../../context/text-argument.js');
  return readTextArgument(text, '--system');
}
