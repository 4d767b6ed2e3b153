import {parse, stringify, YAMLParseError} from 'yaml';
import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';

/* A template is a Markdown file: a prompt below front matter in YAML. */

const text = v.string();
/** Parameters are sent as text, and people write numbers without quotes. */
const value = v.pipe(v.union([text, v.number(), v.boolean()]), v.transform(String));
const values = v.record(text, value);

const FrontMatter = v.strictObject({
  description: v.optional(text),
  bot: v.optional(text),
  system: v.optional(text),
  effort: v.optional(v.picklist(['low', 'medium', 'high'])),
  parameters: v.optional(values),
  /** As the value of `--schema`, or a JSON Schema. */
  schema: v.optional(v.union([text, v.record(text, v.unknown())])),
  extract: v.optional(v.boolean()),
  /** Values of variables that the user does not set. */
  defaults: v.optional(values),
});

export interface Template extends v.InferOutput<typeof FrontMatter> {
  /** The message, with variables. May be empty. */
  prompt: string;
}

/** A template of another program, and the parts that poe cannot use. */
export interface Converted {
  template: Template;
  ignored: string[];
}

const keys = Object.keys(FrontMatter.entries).join(', ');

/** @param label names the template in errors  @throws PoeError `file` */
export function parseTemplate(source: string, label: string): Template {
  const lines = source.replaceAll('\r\n', '\n');
  if (!/^---[ \t]*\n/.test(lines)) return {prompt: trimLines(lines)};
  const [, yaml, prompt] = /^---[ \t]*\n(.*?)(?:(?<=\n)---[ \t]*(?:\n(.*))?)$/s.exec(lines) ?? [];
  if (yaml === undefined)
    throw invalid(label, 'its front matter has no end', 'End it with a line that contains only ---');
  return {...parseFrontMatter(yaml, label), prompt: trimLines(prompt ?? '')};
}

function parseFrontMatter(yaml: string, label: string): v.InferOutput<typeof FrontMatter> {
  const loaded = loadYaml(yaml, label, {firstLine: 2}) ?? {};
  if (!isObject(loaded)) throw invalid(label, 'its front matter is not a list of names and values');
  const parsed = v.safeParse(FrontMatter, withoutNulls(loaded));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const problem = issue.expected === 'never' ? 'is unknown' : 'has a wrong value';
  throw invalid(label, `${v.getDotPath(issue) ?? ''} ${problem}`, `Its front matter may have: ${keys}`);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value in a YAML file; undefined if it is empty.
 * @param options.firstLine the number of its first line in the whole file
 * @throws PoeError `file`
 */
export function loadYaml(yaml: string, label: string, {firstLine = 1} = {}): unknown {
  if (yaml.trim() === '') return undefined;
  try {
    return parse(yaml);
  } catch (error) {
    if (error instanceof ReferenceError) throw invalid(label, `its YAML has an error: ${error.message}`);
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos === undefined ? '' : ` in line ${error.linePos[0].line - 1 + firstLine}`;
    throw invalid(
      label,
      `its YAML has an error${line}: ${error.message.replace(/ at line \d+, column \d+:[^]*$/, '')}`,
    );
  }
}

/** A name without a value, as in a form that was not filled in, is as if it were missing. */
const withoutNulls = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));

/** A template as the content of a file. */
export function formatTemplate({prompt, ...frontMatter}: Template): string {
  const entries = Object.entries(frontMatter).filter(([, value]) => value !== undefined && !isEmptyObject(value));
  const body = prompt === '' ? '' : `${prompt}\n`;
  if (entries.length === 0 && !prompt.startsWith('---')) return body;
  const yaml = entries.length === 0 ? '' : stringify(Object.fromEntries(entries), {lineWidth: 0, singleQuote: true});
  return `---\n${yaml}---\n${body}`;
}

const isEmptyObject = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

const trimLines = (lines: string): string => lines.replace(/^(?:[ \t]*\n)+/, '').trimEnd();

const invalid = (label: string, problem: string, hint?: string): PoeError =>
  new PoeError('file', `The template ${label} is invalid: ${problem}`, {hint});
