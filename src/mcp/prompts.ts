import {ErrorCode, type GetPromptResult, type ListPromptsResult, type Prompt} from '@modelcontextprotocol/sdk/types.js';
import {expandTemplate, variablesOf} from '../context/templates/expand-template.js';
import type {Template} from '../context/templates/template.js';
import type {TemplateFolder} from '../context/templates/template-folder.js';
import {PoeError} from '../core/errors.js';
import {ProtocolError} from './errors.js';

const descriptions: Readonly<Record<string, string>> = {
  input: 'The text that the template is about',
  stdin: 'The text that the template is about',
  args: 'Words that the template is about',
};

/** The user's templates. One that cannot be read is left out. */
export function listPrompts(folder: TemplateFolder): ListPromptsResult {
  return {
    prompts: folder.names().flatMap((name) => {
      const template = readable(folder, name);
      return template ? [promptOf(name, template)] : [];
    }),
  };
}

function readable(folder: TemplateFolder, name: string): Template | undefined {
  try {
    return folder.read(name);
  } catch (error) {
    if (error instanceof PoeError) return undefined;
    throw error;
  }
}

function promptOf(name: string, template: Template): Prompt {
  const variables = variablesOf(template);
  const own = variables.map((variable) => ({
    name: variable,
    description: descriptions[variable] ?? (/^\d/.test(variable) ? `Argument ${variable}` : undefined),
    required: template.defaults?.[variable] === undefined,
  }));
  const input = {name: 'input', description: 'A text that follows the template', required: template.prompt === ''};
  return {
    name,
    description: template.description,
    arguments: takesInput(variables) ? own : [...own, input],
  };
}

const takesInput = (variables: readonly string[]): boolean =>
  ['input', 'stdin', 'args'].some((name) => variables.includes(name));

/** A template with its variables filled in. @throws ProtocolError for an unknown template, or a missing or unknown variable */
export function getPrompt(
  folder: TemplateFolder,
  name: string,
  values: Readonly<Record<string, string>> = {},
): GetPromptResult {
  try {
    // The path of a file would be a name of a template, too.
    folder.requireAll([name]);
    const template = folder.read(name);
    const variables = variablesOf(template);
    const {input = '', ...others} = values;
    const isExtra = !takesInput(variables);
    const expanded = expandTemplate(
      template,
      {words: [], stdin: isExtra ? input : '', variables: isExtra ? others : values},
      name,
    );
    const text = [expanded.system, expanded.message].filter(Boolean).join('\n\n');
    return {description: template.description, messages: [{role: 'user', content: {type: 'text', text}}]};
  } catch (error) {
    // Its hint is for the command line.
    if (error instanceof PoeError) throw new ProtocolError(ErrorCode.InvalidParams, error.message);
    throw error;
  }
}
