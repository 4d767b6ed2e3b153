import * as v from 'valibot';
import {readText, type StreamedResponse} from '../../http/request.js';
import {parseJson} from '../../http/json.js';
import {completionError} from '../ask/bot-errors.js';
import type {StoredFile} from '../chats/stored-files.js';
import {unknownBody} from '../http/errors.js';
import {imagesPath} from './media-paths.js';
import {type BotQuery, emptyProgress, promptOf, type ReplyProgress} from './protocol.js';

/*
 * Requests for images, and their responses. Poe does not document this endpoint. Third-party programs (August and September 2026)
 * send the model and the prompt, and receive what OpenAI's API sends, or a text with URLs. A correction belongs here only.
 */

/** The path in OpenAI's API, for gateways that have no other. */
export const openaiImagesPath = '/v1/images/generations';
export const imagesAccept = 'application/json';

/** The context of the chat is not sent: the endpoint takes a prompt only. */
export const imagesBody = (query: BotQuery): object => ({
  model: query.bot,
  prompt: promptOf(query),
  ...query.parameters,
});

/** Ten large images in base64. */
const maxBytes = 256 * 1024 * 1024;

const text = v.fallback(v.nullish(v.string(), null), null);

const imagesSchema = v.object({
  data: v.array(v.object({url: text, b64_json: text})),
  output_format: text,
});

/** Reads a response. Images in it become files with `data:` URLs. @throws PoeError `not_understood` if it has no image */
export async function* imagesProgress(response: StreamedResponse): AsyncGenerator<ReplyProgress, void, undefined> {
  const body = await readText(response, maxBytes);
  const json = parseJson(body);
  const error = completionError(json, false);
  if (error) throw error;
  const parsed = v.safeParse(imagesSchema, json);
  const images = parsed.success ? toImages(parsed.output) : [];
  if (images.length > 0) yield toProgress(images);
  else yield {...emptyProgress, text: textIn(json), finishReason: 'stop', added: undefined};
}

/** A response with many images has many bytes: decoding them one by one keeps only one copy of each. */
function toImages({data, output_format: format}: v.InferOutput<typeof imagesSchema>): StoredFile[] {
  const given = data.filter(({url, b64_json: content}) => url ?? content);
  return given.map(({url, b64_json: content}, index): StoredFile => {
    if (content === null) return {name: `image-${index + 1}${extensionIn(url ?? '')}`, url, mimeType: null, size: null};
    const type = typeOf(content) ?? format ?? 'png';
    const name = `image-${index + 1}.${type === 'jpeg' ? 'jpg' : type}`;
    const mimeType = `image/${type}`;
    const size = Buffer.byteLength(content, 'base64');
    return {name, url: `data:${mimeType};base64,${content}`, mimeType, size, inlineRef: name};
  });
}

/** The extension of an image's URL; '' if it has none, as on Poe's own servers. */
const extensionIn = (url: string): string => /\.(?:png|jpe?g|gif|webp)(?=$|[?#])/i.exec(url)?.[0] ?? '';

/** The type of an image in base64, by its first bytes. */
function typeOf(content: string): string | undefined {
  const start = Buffer.from(content.slice(0, 24), 'base64').toString('latin1');
  return Object.entries(signatures).find(([, signature]) => signature.test(start))?.[0];
}

const signatures = {png: /^\u0089PNG/, jpeg: /^\u00ff\u00d8/, gif: /^GIF8/, webp: /^RIFF.{4}WEBP/s};

const toProgress = (files: readonly StoredFile[]): ReplyProgress => ({
  ...emptyProgress,
  text: files.map(({name, url, inlineRef}) => `![${name}]${inlineRef ? `[${inlineRef}]` : `(${url})`}`).join('\n\n'),
  files: files.filter(({inlineRef}) => inlineRef !== undefined),
  finishReason: 'stop',
  added: undefined,
});

/** Where a text is in a response: directly, or as in chat completions. */
const textSchemas = [
  v.pipe(
    v.object({text: v.string()}),
    v.transform((body) => body.text),
  ),
  v.pipe(
    v.object({content: v.string()}),
    v.transform((body) => body.content),
  ),
  v.pipe(
    v.object({choices: v.tuple([v.object({message: v.object({content: v.string()})})])}),
    v.transform((body) => body.choices[0].message.content),
  ),
  v.pipe(
    v.object({url: v.string()}),
    v.transform((body) => body.url),
  ),
  v.pipe(
    v.object({data: v.pipe(v.array(v.string()), v.minLength(1))}),
    v.transform((body) => body.data.join('\n\n')),
  ),
  v.string(),
] as const;

function textIn(json: unknown): string {
  for (const schema of textSchemas) {
    const parsed = v.safeParse(schema, json);
    if (parsed.success && /https?:\/\//.test(parsed.output)) return parsed.output;
  }
  throw unknownBody(imagesPath);
}
