import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../../server/http.js';
import {picture, picturePathOf} from '../../replies/picture.js';
import type {RequestCost} from '../cost.js';
import {errorResponse, invalidRequest, unknownField} from '../errors.js';
import {findModel, parameterNames, supports} from '../models.js';

export const imagesPath = '/v1/images';

/** What one image costs, in points. */
const pointsPerImage = 30;

const sizes = ['auto', '1024x1024', '1536x1024', '1024x1536'] as const;

const fields = {
  model: v.string(),
  prompt: v.pipe(v.string(), v.regex(/\S/, 'The prompt is empty.')),
  n: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 1),
  size: v.nullish(v.picklist(sizes)),
  response_format: v.nullish(v.picklist(['url', 'b64_json'])),
};

/** The other fields of OpenAI's format (openai 6.49), which have no effect here. */
const ignored = new Set(
  'background moderation output_compression output_format partial_images quality stream style user'.split(' '),
);

/** A request for images, and what it costs. */
export interface ImageAnswer {
  model: string;
  cost: RequestCost;
  response: HttpResponse;
}

/** Answers `POST /v1/images`. Bots answer with URLs, with the images themselves, or with a text. */
export function answerImages(request: SandboxRequest, {cdnUrl}: {cdnUrl: string}): ImageAnswer | HttpResponse {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return errorResponse(400, 'The request body must be JSON.');
  }
  const parsed = v.safeParse(v.looseObject(fields), parseJson(Buffer.from(request.signed).toString('utf8')));
  if (!parsed.success) return invalidRequest(parsed.issues[0]);
  const {model, prompt, n, size: _size, response_format: format, ...rest} = parsed.output;
  if (!findModel(model)) return errorResponse(404, `Model \`${model}\` not found.`);
  if (!supports(model, imagesPath)) return errorResponse(400, 'Model does not support images method.');
  const declared = parameterNames(model);
  const unknown = Object.keys(rest).find((name) => !declared.includes(name) && !ignored.has(name));
  if (unknown !== undefined) return unknownField(unknown);
  const numbers = Array.from({length: n}, (_, index) => index + 1);
  const points = pointsPerImage * n;
  const cost = {points, breakdown: {Total: `${points} points`}};
  if (prompt.startsWith('Forbidden')) return errorResponse(403, 'The prompt was rejected by the safety system.');
  const urls = numbers.map((number) => `${cdnUrl}${picturePathOf(number)}`);
  return {model, cost, response: json(200, bodyOf(format ?? formats[model.toLowerCase()] ?? 'b64_json', urls))};
}

/** How a bot answers. */
const formats: Readonly<Record<string, 'url' | 'b64_json' | 'text'>> = {
  'sandbox-image': 'url',
  'sandbox-image-data': 'b64_json',
  'sandbox-image-text': 'text',
};

function bodyOf(format: 'url' | 'b64_json' | 'text', urls: readonly string[]): object {
  const created = Math.floor(Date.now() / 1000);
  if (format === 'text') return {created, text: urls.map((url) => `![picture](${url})\n\n${url}`).join('\n\n')};
  const data = urls.map((url) => (format === 'url' ? {url} : {b64_json: picture().toString('base64')}));
  return {created, data, ...(format === 'b64_json' && {output_format: 'png'})};
}
