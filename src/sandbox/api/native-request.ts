import * as v from 'valibot';
import {type Asked, type HttpAnswer, parseJson} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';
import {failed} from './errors.js';
import {isUnlisted, modelOf} from './models.js';
import type {ApiFile} from './upload.js';

const Attachment = v.object({url: v.string(), content_type: v.string(), name: v.string()});

const Message = v.object({
  role: v.picklist(['system', 'user', 'bot', 'tool']),
  content: v.string(),
  content_type: v.picklist(['text/markdown', 'text/plain']),
  parameters: v.optional(v.record(v.string(), v.unknown()), {}),
  attachments: v.optional(v.array(Attachment), []),
});

/** As fastapi_poe has it; what it fills in itself may be missing. */
const Request = v.object({
  version: v.literal('1.2'),
  type: v.literal('query'),
  query: v.pipe(v.array(Message), v.minLength(1)),
  user_id: v.string(),
  conversation_id: v.string(),
  message_id: v.string(),
  metadata: v.optional(v.string()),
  api_key: v.optional(v.literal('<missing>')),
  access_key: v.optional(v.literal('<missing>')),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0))),
  skip_system_prompt: v.optional(v.boolean()),
  logit_bias: v.optional(v.record(v.string(), v.number())),
  stop_sequences: v.optional(v.array(v.string())),
});

/** What is asked of a bot in Poe's own protocol. */
export interface NativeRequest {
  model: string;
  query: v.InferOutput<typeof Message>[];
  temperature: number | null;
  stop: readonly string[];
  files: readonly ApiFile[];
}

/** Reads a request. A key in its body, another version, and files that were not uploaded here are refused. */
export function readNative(
  model: string,
  {signed, headers}: Asked,
  {apiFiles}: Pick<SandboxSite, 'apiFiles'>,
): NativeRequest | HttpAnswer {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return failed(415, 'The body is not JSON.');
  const parsed = v.safeParse(Request, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return failed(400, `Invalid query: ${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  }
  if (!modelOf(model) && !isUnlisted(model)) return failed(404, `Bot ${model} not found.`);
  const {query, temperature = null, stop_sequences: stop = []} = parsed.output;
  const attached = query.flatMap(({attachments}) => attachments);
  const files = attached.flatMap(({url}) => apiFiles.find((file) => file.url === url) ?? []);
  if (files.length < attached.length) return failed(400, 'An attachment was not uploaded.');
  return {model, query, temperature, stop, files};
}
