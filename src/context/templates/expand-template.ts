import {PoeError} from '../../core/errors.js';
import {suggest} from '../../core/names/suggest.js';
import type {Template} from './template.js';

/** What a message from a template is made of. */
export interface TemplateInput {
  /** The arguments. */
  words: readonly string[];
  /** The text on stdin; '' if there is none. */
  stdin: string;
  /** The values of `--var`. */
  variables: Readonly<Record<string, string>>;
}

/** `{{name}}` or `{{1}}`; after a backslash it is literal. */
const placeholder = /(\\?)\{\{[ \t]*([\p{L}_][\p{L}\p{M}\p{N}_-]*|[1-9]\d?)[ \t]*\}\}/gu;

/** The names of the variables in a template, each once: words, `stdin`, `args`, `input`, and numbers of arguments. */
export function variablesOf({prompt, system = ''}: Pick<Template, 'prompt' | 'system'>): string[] {
  const found = [...system.matchAll(placeholder), ...prompt.matchAll(placeholder)];
  return [...new Set(found.flatMap(([, escape, name = '']) => (escape === '' ? [name] : [])))];
}

/**
 * The message and the instructions. Arguments and stdin that the template does not mention follow its text.
 * @param label names the template in errors
 * @throws PoeError `usage` that names all missing variables; for a variable or an argument that the template does not use
 */
export function expandTemplate(
  template: Template,
  {words, stdin, variables}: TemplateInput,
  label: string,
): {message: string; system: string | undefined} {
  const used = variablesOf(template);
  checkNames(Object.keys(variables), used, label);
  const count = checkArguments(words, used, label);
  const args = words.join(' ');
  const values = new Map(Object.entries(template.defaults ?? {}));
  const given = {args, stdin, input: joined([args, stdin])};
  for (const [name, value] of Object.entries(given)) if (value.trim() !== '') values.set(name, value);
  for (const [index, word] of words.entries()) values.set(String(index + 1), word);
  for (const [name, value] of Object.entries(variables)) values.set(name, value);
  const missing = used.filter((name) => !values.has(name));
  if (missing.length > 0) throw missingVariables(missing, label);
  const expand = (text: string) =>
    text.replaceAll(placeholder, (whole, escape: string, name: string) =>
      escape === '' ? (values.get(name) ?? whole) : whole.slice(1),
    );
  const usesInput = used.includes('input');
  return {
    message: joined([
      expand(template.prompt),
      usesInput || used.includes('args') || count > 0 ? '' : args,
      usesInput || used.includes('stdin') ? '' : stdin,
    ]),
    system: template.system === undefined ? undefined : expand(template.system),
  };
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part.trim() !== '').join('\n\n');

function checkNames(names: readonly string[], used: readonly string[], label: string): void {
  const unknown = names.find((name) => !used.includes(name));
  if (unknown === undefined) return;
  const similar = suggest(unknown, used);
  const known = used.filter((name) => !/^\d/.test(name));
  const list = known.length > 0 ? `Its variables are: ${known.join(', ')}` : 'It has no variables.';
  throw new PoeError('usage', `The template ${label} has no variable ${JSON.stringify(unknown)}`, {
    hint: similar === undefined ? list : `Did you mean ${similar}?`,
  });
}

/** @returns the number of arguments that the template uses by number */
function checkArguments(words: readonly string[], used: readonly string[], label: string): number {
  const count = Math.max(0, ...used.map(Number).filter((number) => !Number.isNaN(number)));
  const usesAll = used.includes('args') || used.includes('input');
  if (count === 0 || usesAll || words.length <= count) return count;
  throw new PoeError(
    'usage',
    `The template ${label} uses ${count === 1 ? '1 argument' : `${count} arguments`}, not ${words.length}`,
    {
      hint: 'Put an argument with blanks in quotes.',
    },
  );
}

function missingVariables(names: readonly string[], label: string): PoeError {
  const isNumber = (name: string) => /^\d/.test(name);
  const own = names.filter((name) => !isNumber(name) && !inputs.has(name));
  const steps = [
    own.length > 0 && `Set them with: ${own.map((name) => `--var ${name}=…`).join(' ')}`,
    names.some((name) => isNumber(name) || name === 'args') && 'Arguments follow the name of the template.',
    names.includes('stdin') && 'Pipe text in.',
    names.includes('input') && 'Write a text after the name of the template, or pipe it in.',
  ];
  const list = names.map((name) => descriptions.get(name) ?? (isNumber(name) ? `argument ${name}` : name));
  return new PoeError('usage', `The template ${label} needs ${list.join(', ')}`, {
    hint: ['Nothing was sent.', ...steps].filter(Boolean).join(' '),
  });
}

const descriptions: ReadonlyMap<string, string> = new Map([
  ['args', 'arguments'],
  ['stdin', 'text on stdin'],
  ['input', 'a text'],
]);
const inputs: ReadonlySet<string> = new Set(descriptions.keys());
