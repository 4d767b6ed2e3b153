import {createHash} from 'node:crypto';
import type {RequestFile, Turn} from '../formats/chat-request.js';

/** What a conversation is with, besides its turns. */
export interface Partner {
  /** The bot, as the caller named it. */
  bot: string;
  /** '' for none. */
  system: string;
}

/**
 * Identifies a conversation with a bot by its content. Callers send it again with each message; some of them trim the texts, or change
 * the line ends.
 */
export function conversationKey({bot, system}: Partner, turns: readonly Turn[]): string {
  const hash = createHash('sha256');
  const parts = turns.map(({role, text, files}) => [role, normalize(text), ...files.map(identify)]);
  hash.update(JSON.stringify([bot.toLowerCase(), normalize(system), ...parts]));
  return hash.digest('hex');
}

/** Not with a regular expression for blanks at the ends of lines: a long run of blanks elsewhere would take it very long. */
const normalize = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

const identify = (file: RequestFile): string => ('url' in file ? file.url : hashOf(file.content));

/** The hashes of contents: a conversation is identified more than once for each request. */
const hashes = new WeakMap<Uint8Array, string>();

function hashOf(content: Uint8Array): string {
  const known = hashes.get(content);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(content).digest('hex');
  hashes.set(content, hash);
  return hash;
}
