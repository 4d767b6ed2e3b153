import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {type Converted, loadYaml} from './template.js';

const value = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const optional = <const S extends v.GenericSchema>(schema: S) => v.fallback(v.nullish(schema), undefined);

/** A template of llm (0.27, 2026). */
const LlmTemplate = v.looseObject({
  prompt: optional(v.string()),
  system: optional(v.string()),
  model: optional(v.string()),
  options: optional(v.record(v.string(), value)),
  defaults: optional(v.record(v.string(), value)),
  extract: optional(v.boolean()),
  extract_last: optional(v.boolean()),
  schema_object: optional(v.record(v.string(), v.unknown())),
});

/** Members that need no conversion. */
const known = new Set([...Object.keys(LlmTemplate.entries), 'name']);

/** Converts a template of llm. `$input` becomes `{{input}}`, `$name` becomes `{{name}}`. @throws PoeError `file` */
export function readLlmTemplate(yaml: string, label: string): Converted {
  const loaded = loadYaml(yaml, label);
  const parsed = v.safeParse(LlmTemplate, typeof loaded === 'string' ? {prompt: loaded} : loaded);
  if (!parsed.success) throw new PoeError('file', `${label} is no template of llm`);
  const {prompt, system, model, options, defaults, extract, extract_last, schema_object: schema} = parsed.output;
  if (!prompt && !system && !schema) throw new PoeError('file', `The template ${label} has no prompt`);
  return {
    template: {
      ...(model && {bot: model}),
      ...(system && {system: withVariables(system)}),
      ...(options && {parameters: options}),
      ...(defaults && {defaults}),
      ...(schema && {schema}),
      ...((extract ?? extract_last) && {extract: true}),
      prompt: withVariables(prompt ?? '').trimEnd(),
    },
    ignored: Object.keys(parsed.output).filter((name) => !known.has(name)),
  };
}

/** Converts the variables of Python's string.Template. Text that looks like a variable of poe stays text. */
const withVariables = (text: string): string =>
  text
    .replaceAll(/\{\{(?=[ \t]*[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*[ \t]*\}\})/gu, String.raw`\{{`)
    .replaceAll(
      /\$(?:(\$)|([a-z_]\w*)|\{([a-z_]\w*)\})/gi,
      (_whole, dollar?: string, name?: string, braced?: string) =>
        dollar === undefined ? `{{${name ?? braced ?? ''}}}` : '$',
    );
