import {PoeError} from '../../core/errors.js';
import type {Bot, ReplyHandler} from '../bot.js';

/**
 * The bots that a script exports: by default a function that replies, a bot, or a list of bots.
 * @throws PoeError `usage`
 */
export function botsOfScript({default: exported}: {default?: unknown}, handle: string | undefined): Bot[] {
  const list: unknown[] = Array.isArray(exported) ? exported : [exported];
  const bots = list.map((each) => toBot(each));
  const [first, ...more] = bots;
  if (!first) throw notABot('The script exports an empty list of bots');
  if (handle === undefined) return bots;
  if (more.length > 0) {
    throw new PoeError('usage', 'The script has several bots, so their handles must be in the script');
  }
  return [{...first, handle}];
}

function toBot(value: unknown): Bot {
  // What it returns is checked when it is called.
  if (typeof value === 'function') return {reply: value as ReplyHandler};
  if (isBot(value)) return value;
  throw notABot(value === undefined ? 'The script has no default export' : 'The default export is not a bot');
}

const isBot = (value: unknown): value is Bot =>
  typeof value === 'object' && value !== null && 'reply' in value && typeof value.reply === 'function';

const notABot = (message: string): PoeError =>
  new PoeError('usage', message, {
    hint: 'Export a bot: export default {settings: {}, async *reply({message}) { yield message.content; }}',
  });
