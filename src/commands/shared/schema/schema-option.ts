import type {Context} from '../../../context/context.js';
import type {Template} from '../../../context/templates/template.js';
import {PoeError} from '../../../core/errors.js';
import type {JsonReplies} from './json-replies.js';

/** The options that decide whether and how JSON is requested. */
interface SchemaFlags {
  schema?: string;
  extract?: boolean;
  streamJson?: boolean;
  output?: string;
  detach?: boolean;
  temporary?: boolean;
  save?: boolean;
  /** False for `--no-repair`. */
  repair?: boolean;
}

/**
 * Requests and prints JSON, if an option or a template has a schema. Other forms of output override a template.
 * @throws PoeError `usage`, `file`
 */
export async function jsonReplies(
  flags: SchemaFlags,
  ofTemplate: Template['schema'],
  context: Context,
): Promise<JsonReplies | undefined> {
  const {temporary, save, repair = true} = flags;
  const other = otherOutput(flags);
  const schema = flags.schema ?? (other === undefined ? ofTemplate : undefined);
  if (schema === undefined) return undefined;
  if (other !== undefined) {
    throw new PoeError('usage', `--schema and ${other} cannot be combined`, {
      hint: 'Use --schema with --json, or alone.',
    });
  }
  const [{JsonReplies}, {readSchema}] = await Promise.all([import('./json-replies.js'), import('./read-schema.js')]);
  const isTemporary = temporary === true || save === false;
  const parsed = typeof schema === 'string' ? await readSchema(schema) : schema;
  return new JsonReplies(parsed, context, {isTemporary, mayRepair: repair});
}

/** An option that decides what is printed instead of JSON. */
function otherOutput({extract, streamJson, output, detach}: SchemaFlags): string | undefined {
  if (extract) return '--extract';
  if (streamJson) return '--stream-json';
  if (detach) return '--detach';
  return output === undefined ? undefined : '--output';
}
