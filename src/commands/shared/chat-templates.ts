import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';

/** Variables for what the user writes. In a chat, that follows in the prompt. */
const inputs: ReadonlySet<string> = new Set(['stdin', 'input', 'args']);

/** The templates that a chat offers. */
export const chatTemplates = (context: Context) => ({
  async templates(): Promise<{name: string; description: string}[]> {
    const folder = await context.templates();
    const names = folder.names();
    if (names.length === 0) throw new PoeError('file', 'No templates yet. Save one: /template save <name> <message>');
    return names.map((name) => ({name, description: descriptionOf(() => folder.read(name).description)}));
  },
  async fromTemplate(words: readonly string[], ask: (question: string) => Promise<string | undefined>) {
    const {name, args, variables} = parse(words);
    const [folder, {expandTemplate, variablesOf}] = await Promise.all([
      context.templates(),
      import('../../context/templates/expand-template.js'),
    ]);
    const template = folder.read(name);
    const values = new Map(Object.entries(variables));
    for (const variable of variablesOf(template)) {
      if (values.has(variable) || args[Number(variable) - 1] !== undefined) continue;
      if (inputs.has(variable)) {
        if (args.length === 0 || variable === 'stdin') values.set(variable, '');
      } else if (template.defaults?.[variable] === undefined) {
        const answer = await ask(/^\d/.test(variable) ? `Argument ${variable}:` : `${variable}:`);
        if (answer === undefined) return undefined;
        values.set(variable, answer);
      }
    }
    const input = {words: args, stdin: '', variables: Object.fromEntries(values)};
    const {message, system} = expandTemplate(template, input, name);
    return {message: message.trimEnd(), system, bot: template.bot};
  },
});

/** A template that cannot be read has none: using it tells why. */
function descriptionOf(read: () => string | undefined): string {
  try {
    return read() ?? '';
  } catch (error) {
    if (error instanceof PoeError) return '';
    throw error;
  }
}

/** @throws PoeError `usage` */
function parse(words: readonly string[]): {name: string; args: string[]; variables: Record<string, string>} {
  const [name, ...rest] = words;
  if (name === undefined) throw usage('The name of the template is missing');
  const args: string[] = [];
  const variables: Record<string, string> = {};
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    const isOption = word === '--var' || word.startsWith('--var=');
    const pair = word === '--var' ? rest[++index] : word.slice('--var='.length);
    const [, variable, value] = /^([\p{L}\p{M}\p{N}_.-]+)=(.*)$/su.exec(pair ?? '') ?? [];
    if (!isOption) args.push(word);
    else if (variable === undefined || value === undefined) throw usage('--var expects name=value');
    else variables[variable] = value;
  }
  return {name, args, variables};
}

const usage = (message: string) =>
  new PoeError('usage', message, {hint: 'Usage: /template run <template> [--var name=value] [text]'});
