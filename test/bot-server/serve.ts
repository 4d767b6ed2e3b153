import {onTestFinished} from 'vitest';
import {
  type Bot,
  type BotServer,
  type ReplyHandler,
  serveBot,
  type ServeBotOptions,
} from '../../src/bot-server/serve-bot.js';

/** As long as Poe's access keys. */
export const accessKey = 'abcdefghijklmnopqrstuvwxyz012345';

/** Serves bots until the test ends. Collects what they throw. */
export async function serving(bot: ReplyHandler | Bot | readonly Bot[], options: Partial<ServeBotOptions> = {}) {
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const server: BotServer = await serveBot(bot, {accessKey, port: 0, onFailure, ...options});
  onTestFinished(() => server.close());
  const post = (body: object | string, headers: Record<string, string> = {}, path = '/') =>
    fetch(server.url + path, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', Authorization: `Bearer ${accessKey}`, ...headers},
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {server, failures, post, ask: async (content = 'Hi') => (await post(query(content))).text()};
}

/** A query with what Poe must send. */
export const query = (content: string, more: object = {}) => ({
  version: '1.2',
  type: 'query',
  query: [{role: 'user', content, content_type: 'text/markdown', ...more}],
  user_id: 'u-1',
  conversation_id: 'c-1',
  message_id: 'm-1',
});

/** The events of a stream, as `name data`. */
export const events = (stream: string): string[] =>
  stream.split('\r\n\r\n').flatMap((block) => {
    const [, name, data] = /^event: (.*)\r\ndata: (.*)$/.exec(block) ?? [];
    return name === undefined ? [] : `${name} ${data}`;
  });
