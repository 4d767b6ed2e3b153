import {PoeError} from '../errors.js';

/**
 * The name of a bot in what users copy: `@handle`, or the bot's URL, `https://poe.com/<handle>`. Other text is returned as it is.
 * @throws PoeError `usage` if it is empty, as the value of a variable may be
 */
export function parseBotName(text: string): string {
  const name = text.trim();
  const [, path] = /^(?:https?:\/\/[^/]+|(?:www\.)?poe\.com)\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(name) ?? [];
  const handle = withoutAt(path === undefined ? name : decodePath(path));
  // Dots would be a path of their own in the URL of a bot.
  if (/^\.{0,2}$/.test(handle)) throw invalidName('bot', text);
  return handle;
}

/**
 * As `parseBotName`, also for a name with its maker (`openai/gpt-5`), which other programs write and Poe's API no longer accepts
 * (March 2026).
 * @throws PoeError `usage` if it is empty
 */
export const handleOf = (text: string): string => parseBotName(parseBotName(text).split('/').at(-1) ?? '');

/** The handle of a user, perhaps written as `@handle`. @throws PoeError `usage` if it is empty */
export function parseUserName(text: string): string {
  const handle = withoutAt(text.trim());
  if (handle === '') throw invalidName('user', text);
  return handle;
}

const withoutAt = (name: string): string => name.replace(/^@/, '').trim();

const invalidName = (what: 'bot' | 'user', text: string): PoeError =>
  new PoeError('usage', `Invalid ${what} ${JSON.stringify(text)}`, {hint: `Name the ${what} by its handle.`});

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
