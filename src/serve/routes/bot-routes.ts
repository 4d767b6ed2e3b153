import * as v from 'valibot';
import {handleOf} from '../../core/names/bot-name.js';
import {invalidRequest, ServeError} from '../errors/serve-error.js';
import type {ErrorFormat} from '../errors/error-format.js';
import type {ClientExchange, ClientRoute} from '../http/route.js';
import {replyWriter} from '../http/reply-writer.js';
import type {BotFormat, BotRequest, ServeBackend} from '../serve-backend.js';
import {mayUse} from '../tokens/bot-patterns.js';

const Body = v.looseObject({
  model: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  stream: v.nullish(v.boolean()),
});

const formats: readonly [path: string, format: BotFormat, errors: ErrorFormat][] = [
  ['/v1/chat/completions', 'chat', 'openai'],
  ['/v1/responses', 'responses', 'responses'],
  ['/v1/messages', 'messages', 'anthropic'],
];

/** The paths by which programs ask bots. */
export const botRoutes = (backend: ServeBackend, {stalledMs}: {stalledMs: number}): ClientRoute[] =>
  formats.map(([path, format, errors]) => ({
    path,
    methods: ['POST'],
    errors,
    access: 'token',
    async handle(exchange) {
      const request = botRequest(exchange, format);
      exchange.facts.bot = request.bot;
      await backend.answer(request, replyWriter(exchange, {stalledMs}));
    },
  }));

/** @throws ServeError */
function botRequest({body, client, request, signal}: ClientExchange, format: BotFormat): BotRequest {
  const parsed = v.safeParse(Body, body);
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]);
    if (field === null) throw invalidRequest('The body of the request is not a JSON object.');
    throw invalidRequest(`The field ${field} is missing or has a wrong type.`, field);
  }
  const {model, stream} = parsed.output;
  const bot = handleOf(model);
  if (!mayUse(client.bots, bot)) throw notAllowed(bot);
  return {
    format,
    bot,
    body: parsed.output,
    isStreamed: stream ?? false,
    header(name) {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    client,
    signal,
  };
}

const notAllowed = (bot: string): ServeError =>
  new ServeError(403, `The token does not allow the bot ${JSON.stringify(bot.slice(0, 100))}.`, {
    kind: 'forbidden',
    code: 'bot_not_allowed',
    param: 'model',
  });
