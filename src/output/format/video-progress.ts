import type {VideoJob} from '../../core/reply.js';

const states: Readonly<Record<VideoJob['status'], string>> = {
  queued: 'waiting for its turn',
  in_progress: 'making a video',
  completed: 'finishing',
  failed: 'stopping',
};

/** How far a video is: "making a video, 40 %". */
export const videoProgress = ({status, percent}: Pick<VideoJob, 'status' | 'percent'>): string =>
  `${states[status]}${percent !== null && status === 'in_progress' ? `, ${percent} %` : ''}`;
