import * as v from 'valibot';
import {count} from '../../input/lenient.js';
import type {VideoJob} from '../../reply.js';
import type {StoredFile} from '../chats/stored-files.js';
import {videosPath} from './media-paths.js';
import {type BotQuery, promptOf} from './protocol.js';

/* Requests for videos, and the jobs that make them (Poe's API reference, April 2026). A correction belongs here only. */

export const videosAccept = 'application/json';

export const videoPath = (id: string): string => `${videosPath}/${encodeURIComponent(id)}`;

/**
 * The body of a request. The context of the chat is not sent: the endpoint takes a prompt only.
 * @param image the first picture of the video, in base64
 */
export function videosBody(query: BotQuery, image: string | undefined): object {
  const {seconds, ...others} = query.parameters;
  return {
    model: query.bot,
    prompt: promptOf(query),
    // OpenAI's format has a text.
    ...(seconds !== undefined && {seconds: typeof seconds === 'number' ? `${seconds}` : seconds}),
    ...others,
    ...(image !== undefined && {input_image: image}),
  };
}

const statuses: ReadonlyMap<string, VideoJob['status']> = new Map(
  Object.entries({
    queued: 'queued',
    pending: 'queued',
    completed: 'completed',
    succeeded: 'completed',
    failed: 'failed',
    cancelled: 'failed',
    canceled: 'failed',
    expired: 'failed',
  }),
);

const text = v.fallback(v.nullish(v.string(), ''), '');

/** A job as Poe reports it, and why it failed. */
export interface ReportedJob extends VideoJob {
  /** '' if it did not fail, or Poe gives no reason. */
  reason: string;
}

/** Any status that is not known means that the job is not over. */
export const videoSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.nonEmpty()),
    status: text,
    progress: count,
    expires_at: count,
    error: v.fallback(v.nullish(v.union([v.string(), v.object({message: text, code: text})]), null), null),
  }),
  v.transform(({id, status, progress, expires_at, error}): ReportedJob => ({
    id,
    status: statuses.get(status.toLowerCase()) ?? 'in_progress',
    percent: progress === null ? null : Math.max(0, Math.min(100, Math.round(progress))),
    expiresAt: toIsoTime(expires_at),
    reason: typeof error === 'string' ? error : error ? error.message || error.code : '',
  })),
);

/** Poe sends seconds. */
function toIsoTime(seconds: number | null): string | null {
  const time = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** The files of a completed job. @param urlOf the URL of a path of the API */
export const videoFile = (id: string, urlOf: (path: string) => string): StoredFile & {url: string} => ({
  name: 'video.mp4',
  url: urlOf(`${videoPath(id)}/content?variant=mp4`),
  mimeType: 'video/mp4',
  size: null,
  thumbnailUrl: urlOf(`${videoPath(id)}/content?variant=thumbnail`),
});
