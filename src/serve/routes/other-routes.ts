import {randomBytes} from 'node:crypto';
import {countTokens} from '../../core/spending/count-tokens.js';
import {ServeError} from '../errors/serve-error.js';
import {respondJson} from '../http/respond.js';
import type {ClientRoute, OpenRoute} from '../http/route.js';
import {textsIn} from '../texts.js';

/** `GET /health`. Programs that look for this server recognize it by its ID. */
export const healthRoute = (id: string): OpenRoute => ({
  path: '/health',
  methods: ['GET'],
  errors: 'text',
  access: 'open',
  handle: ({response}) => respondJson(response, {status: 'ok', id}),
});

export const newServerId = (): string => randomBytes(8).toString('hex');

/** Anthropic's count of the tokens of a request, estimated on this machine. */
export const countTokensRoute: ClientRoute = {
  path: '/v1/messages/count_tokens',
  methods: ['POST'],
  errors: 'anthropic',
  access: 'token',
  async handle({response, body}) {
    const tokens = textsIn(body).reduce((sum, text) => sum + countTokens(text), 0);
    respondJson(response, {input_tokens: tokens});
  },
};

/** Poe has no embeddings. */
export const embeddingsRoute: ClientRoute = {
  path: '/v1/embeddings',
  methods: ['POST'],
  errors: 'openai',
  access: 'token',
  async handle() {
    throw new ServeError(404, 'Poe has no embeddings. Use another service for them.', {
      kind: 'not_found',
      code: 'embeddings_not_supported',
    });
  },
};
