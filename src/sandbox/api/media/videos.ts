import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../../server/http.js';
import {parseFields} from '../../server/multipart.js';
import {picture} from '../../replies/picture.js';
import type {RequestCost} from '../cost.js';
import {errorResponse, invalidRequest, unknownField} from '../errors.js';
import {findModel, parameterNames, supports} from '../models.js';
import {filesOf, type JobEnd, type NewJob, toVideo, type VideoJobs} from './video-jobs.js';

export const videosPath = '/v1/videos';

/** What a second of a video costs, in points. */
const pointsPerSecond = 100;

const lengths = ['4', '6', '8', '12'] as const;
const sizes = ['720x1280', '1280x720', '1024x1792', '1792x1024'] as const;

const fields = {
  model: v.string(),
  prompt: v.pipe(v.string(), v.regex(/\S/, 'The prompt is empty.')),
  /** OpenAI's format has a text. */
  seconds: v.nullish(v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.picklist(lengths)), '4'),
  size: v.nullish(v.picklist(sizes), '720x1280'),
  input_image: v.nullish(v.pipe(v.string(), v.regex(/^[\w+/=-]+$/, 'Not base64.'))),
};

interface VideoSite {
  videoJobs: VideoJobs;
  pace: number;
}

/** A response, and what the request costs. */
export type VideoAnswer = HttpResponse | {model: string; cost: RequestCost; response: HttpResponse};

/** Answers requests below `/v1/videos`. */
export function answerVideos(request: SandboxRequest, site: VideoSite): VideoAnswer {
  const {method, url} = request;
  const [, id, action] = /^\/v1\/videos(?:\/([^/]+)(?:\/(content|remix))?)?$/.exec(url.pathname) ?? [];
  const expected = id === undefined || action === 'remix' ? 'POST' : 'GET';
  if (method !== expected) return errorResponse(405, 'Method not allowed.');
  if (id === undefined) return url.pathname === videosPath ? create(request, site) : errorResponse(404, 'Not found.');
  const job = site.videoJobs.find(id);
  if (!job) return errorResponse(404, `Video ${id} not found.`);
  if (action === undefined) return videoResponse(job, site);
  if (action === 'content') return contentOf(job, url.searchParams.get('variant') ?? 'mp4');
  const {prompt} = v.parse(v.object({prompt: v.optional(v.string(), '')}), bodyOf(request));
  return charge({...job, prompt}, site, id);
}

function create(request: SandboxRequest, site: VideoSite): VideoAnswer {
  const parsed = v.safeParse(v.looseObject(fields), bodyOf(request));
  if (!parsed.success) return invalidRequest(parsed.issues[0]);
  const {model, prompt, seconds, size, input_image: _image, ...rest} = parsed.output;
  if (!findModel(model)) return errorResponse(404, `Model \`${model}\` not found.`);
  if (!supports(model, videosPath)) return errorResponse(400, 'Model does not support videos method.');
  const declared = parameterNames(model);
  const unknown = Object.keys(rest).find((name) => !declared.includes(name));
  if (unknown !== undefined) return unknownField(unknown);
  const [durationS, end] = behaviors[model.toLowerCase()] ?? [4, 'completes'];
  return charge({model, prompt, seconds, size, durationMs: durationS * 1000 * site.pace, end}, site);
}

/** How many seconds the jobs of a bot take, and how they end. */
const behaviors: Readonly<Record<string, readonly [seconds: number, end: JobEnd]>> = {
  'sandbox-video-slow': [60, 'completes'],
  'sandbox-video-fails': [2, 'fails'],
  'sandbox-video-expires': [2, 'expires'],
  'sandbox-video-stuck': [10, 'stuck'],
};

/** A job is charged once, when it is created. */
function charge(job: NewJob, site: VideoSite, remixedFrom: string | null = null): VideoAnswer {
  const points = pointsPerSecond * Number(job.seconds);
  const cost = {points, breakdown: {Total: `${points} points`}};
  const added = site.videoJobs.add(job, remixedFrom);
  // At its start, also if the machine is busy.
  return {model: job.model, cost, response: videoResponse(added, site, added.createdAt)};
}

/** The header says when to ask again, as that of OpenAI does. */
function videoResponse(job: Parameters<typeof toVideo>[0], {pace}: VideoSite, now?: number): HttpResponse {
  const response = json(200, toVideo(job, now));
  const pollMs = Math.max(20, Math.round(1000 * pace));
  return {...response, headers: {...response.headers, 'openai-poll-after-ms': String(pollMs)}};
}

function contentOf(job: Parameters<typeof filesOf>[0], variant: string): HttpResponse {
  const state = filesOf(job);
  if (state === 'unfinished') return errorResponse(400, 'The video is not ready yet.');
  if (state !== 'ready') return errorResponse(404, state === 'failed' ? 'The video failed.' : 'The video has expired.');
  switch (variant) {
    case 'mp4':
    case 'video':
      return {
        status: 200,
        headers: {'Content-Type': 'video/mp4'},
        body: toMp4(JSON.stringify({...job, id: undefined})),
      };
    case 'thumbnail':
    case 'spritesheet':
      return {status: 200, headers: {'Content-Type': 'image/png'}, body: picture()};
    default:
      return errorResponse(400, `Unknown variant: ${variant}`);
  }
}

/** JSON, or a form as the package `openai` sends it. */
function bodyOf({headers, signed}: SandboxRequest): unknown {
  const type = headers['content-type'] ?? '';
  const bytes = Buffer.from(signed);
  return type.startsWith('multipart/form-data') ? parseFields(bytes, type) : parseJson(bytes.toString('utf8'));
}

/** The beginning of an MP4 file, and the facts about it in place of pictures. */
function toMp4(facts: string): Buffer {
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2mp41', 'latin1')),
    box('mdat', Buffer.from(facts)),
  ]);
}

function box(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length + 8);
  return Buffer.concat([length, Buffer.from(type), content]);
}
