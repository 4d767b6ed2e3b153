import {randomBytes} from 'node:crypto';

/** How a job ends. A job that is `stuck` never does, and the files of one that `expires` are gone at once. */
export type JobEnd = 'completes' | 'fails' | 'expires' | 'stuck';

export interface NewJob {
  model: string;
  prompt: string;
  seconds: string;
  size: string;
  /** How long it takes. */
  durationMs: number;
  end: JobEnd;
}

interface Job extends NewJob {
  id: string;
  createdAt: number;
  remixedFrom: string | null;
}

/** How long the files of a job can be downloaded. */
const lifetimeMs = 3_600_000;

/** The videos that were requested. A job needs no timer: its state follows from the time. */
export class VideoJobs {
  readonly #jobs = new Map<string, Job>();

  add(job: NewJob, remixedFrom: string | null = null): Job {
    const added = {...job, id: `video_${randomBytes(12).toString('hex')}`, createdAt: Date.now(), remixedFrom};
    this.#jobs.set(added.id, added);
    return added;
  }

  find(id: string): Job | undefined {
    return this.#jobs.get(id);
  }
}

/** The end of a job in milliseconds since 1970; undefined if it never ends. */
const endOf = ({createdAt, durationMs, end}: Job): number | undefined =>
  end === 'stuck' ? undefined : createdAt + durationMs;

const isOver = (job: Job, now = Date.now()): boolean => now >= (endOf(job) ?? Number.POSITIVE_INFINITY);

/** Whether the files of a job can be downloaded, or why not. */
export function filesOf(job: Job): 'ready' | 'unfinished' | 'failed' | 'expired' {
  if (!isOver(job)) return 'unfinished';
  if (job.end === 'fails') return 'failed';
  return job.end === 'expires' || Date.now() > (endOf(job) ?? 0) + lifetimeMs ? 'expired' : 'ready';
}

/** A job as the API shows it at some time. Times are in seconds since 1970. */
export function toVideo(job: Job, now = Date.now()): object {
  const {id, model, seconds, size, createdAt, durationMs, end, remixedFrom} = job;
  const share = durationMs === 0 ? 1 : (now - createdAt) / durationMs;
  const status = isOver(job, now) ? (end === 'fails' ? 'failed' : 'completed') : share < 0.1 ? 'queued' : 'in_progress';
  const completedAt = status === 'completed' ? endOf(job) : undefined;
  return {
    id,
    object: 'video',
    model,
    status,
    progress:
      status === 'completed' ? 100 : Math.max(0, Math.min(99, Math.floor(100 * Math.min(share, 0.5 + share / 2)))),
    created_at: toSeconds(createdAt),
    completed_at: completedAt === undefined ? null : toSeconds(completedAt),
    expires_at: completedAt === undefined ? null : toSeconds(completedAt + (end === 'expires' ? 0 : lifetimeMs)),
    seconds,
    size,
    remixed_from_video_id: remixedFrom,
    error:
      status === 'failed' ? {code: 'moderation_blocked', message: 'The video was blocked by our safety system.'} : null,
    usage: null,
  };
}

const toSeconds = (ms: number): number => Math.floor(ms / 1000);
