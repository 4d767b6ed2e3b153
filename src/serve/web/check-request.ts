import {type ServeError, invalidRequest} from '../errors/serve-error.js';
import type {ChatRequest} from '../formats/chat-request.js';

/** @throws ServeError if a bot with a browser session cannot do what the request needs */
export function checkRequest({requires, turns}: ChatRequest): void {
  const [missing] = requires;
  if (missing !== undefined) throw unsupported(missing);
  const last = turns.at(-1);
  if (!last) throw invalidRequest('The request has no message.');
  if (last.role !== 'user') {
    throw invalidRequest('The last message must be from the user: poe.com cannot continue a message of a bot.');
  }
}

const unsupported = (what: string): ServeError =>
  invalidRequest(
    `With a browser session, bots do not have ${what}. Leave that out, or start the server with an API key (poe serve --via api).`,
  );
