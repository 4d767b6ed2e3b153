import {imagesPath, videosPath} from './media-paths.js';

/** The protocol of a bot that is listed for images or videos, and not for chat completions. */
export function mediaProtocol(endpoints: readonly string[]): 'images' | 'videos' | undefined {
  if (endpoints.some((endpoint) => endpoint.endsWith('chat/completions'))) return undefined;
  if (endpoints.includes(videosPath)) return 'videos';
  return endpoints.some((endpoint) => endpoint.startsWith(imagesPath)) ? 'images' : undefined;
}
