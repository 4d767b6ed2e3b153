import type {Context} from '../../context/context.js';
import type {TemplateInput} from '../../context/templates/expand-template.js';
import type {Template} from '../../context/templates/template.js';
import {type MessageFlags, noMessage, readPipedText} from './read-message.js';

/** A message from a template, and what the template says about it. */
export interface TemplateMessage extends Omit<Template, 'prompt' | 'defaults' | 'description'> {
  message: string;
}

/**
 * Reads a template and completes its message with the arguments, stdin and variables.
 * @param name of the template, or the path of its file
 * @throws PoeError `file`, `usage`
 */
export async function messageFromTemplate(
  name: string,
  words: readonly string[],
  {variables, ...flags}: MessageFlags & Pick<TemplateInput, 'variables'>,
  context: Context,
): Promise<TemplateMessage> {
  const [folder, {expandTemplate, variablesOf}] = await Promise.all([
    context.templates(),
    import('../../context/templates/expand-template.js'),
  ]);
  const template = folder.read(name);
  const args = words.filter((word) => word !== '-');
  const used = variablesOf(template);
  const usesStdin = used.includes('stdin') && variables.stdin === undefined;
  const needsInput = args.length === 0 && (used.includes('input') || template.prompt === '');
  const stdin = await readPipedText(words, {...flags, isNeeded: usesStdin || needsInput}, context);
  const {prompt: _prompt, defaults: _defaults, description: _description, ...settings} = template;
  const expanded = expandTemplate(template, {words: args, stdin, variables}, name);
  if (expanded.message.trim() === '') throw noMessage();
  return {...settings, ...expanded};
}
