import type {ModelBot} from '../../model-bot.js';
import type {Protocol} from '../../options.js';
import {anthropicPath, untranslatable} from '../protocols/anthropic-body.js';
import {mediaProtocol} from '../protocols/media-protocol.js';

/** A protocol, and why. */
export type Choice = readonly [Protocol, string];

export const asRequested = (protocol: Protocol): Choice => [protocol, 'as requested'];

/**
 * From this length on, about 4,000 tokens, a cached prompt costs noticeably less than a new one. In shorter prompts, providers
 * do not cache anything.
 */
const cacheableBytes = 16_000;

export interface MessageFacts {
  /** Whether this message or an earlier one has files. */
  hasFiles: boolean;
  /** How many files this message has. */
  newFiles: number;
  parameters: Readonly<Record<string, string>>;
  length: number;
}

/**
 * Chooses chat completions for bots that the API lists for them, or lists without endpoints; the endpoint for images or videos for
 * bots that it lists for these; Poe's own protocol for all other bots and for messages with files.
 * @param listed undefined if the bot is not listed, null if the list is unavailable
 */
export function defaultProtocol(
  listed: ModelBot | undefined | null,
  {hasFiles, newFiles, parameters, length}: MessageFacts,
): Choice {
  const media = listed ? mediaProtocol(listed.endpoints) : undefined;
  // Only the prompt is sent to these, and at most one image: files of earlier messages do not matter.
  if (media === 'videos' || (media === 'images' && newFiles === 0)) return [media, `because the bot makes ${media}`];
  if (hasFiles) return ['native', 'because there are files'];
  if (listed === null) return ['openai', 'because the list of bots is unavailable'];
  if (listed === undefined) return ['native', 'because the bot is not listed'];
  const {endpoints} = listed;
  if (endpoints.includes(anthropicPath) && length >= cacheableBytes && untranslatable(parameters) === undefined) {
    return ['messages', 'because the chat is long and the bot caches its prompt'];
  }
  if (endpoints.length === 0) return ['openai', 'because the bot is listed'];
  return endpoints.some((endpoint) => endpoint.endsWith('chat/completions'))
    ? ['openai', 'because the bot is listed for chat completions']
    : ['native', 'because the bot is not listed for chat completions'];
}
