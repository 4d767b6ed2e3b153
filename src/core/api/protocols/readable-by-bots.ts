import {isContentPath} from './media-paths.js';

/**
 * Whether a bot can read a file by its URL. It cannot read what a reply contained itself, which is stored on this machine, or a
 * video of the API, which needs the key.
 */
export const isReadableByBots = (url: string | null): url is string =>
  url !== null && /^https?:/i.test(url) && URL.canParse(url) && !isContentPath(new URL(url).pathname);
