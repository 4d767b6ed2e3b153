/* The endpoints that a bot may be listed for. Their formats are in `images.ts` and `videos.ts`. */

export const imagesPath = '/v1/images';
export const videosPath = '/v1/videos';

/** Whether a path is that of the files of a video, which need the key. */
export const isContentPath = (path: string): boolean => /\/v1\/videos\/[\w%.~-]+\/content$/.test(path);
