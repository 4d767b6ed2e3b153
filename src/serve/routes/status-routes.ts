import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';
import {ServeError} from '../errors/serve-error.js';
import {respond, respondJson} from '../http/respond.js';
import type {OpenRoute} from '../http/route.js';
import {contentSecurityPolicy, lockedPage, statusPage} from '../page/status-page.js';
import type {ServerStatus} from '../server-status.js';

/** Reads the status of one server while it runs. It is in the URL of the page, and in a file for `poe serve status`. */
export const newStatusKey = (): string => randomBytes(16).toString('hex');

/**
 * The page at `/`, and the same as JSON at `/status`. Names of programs and points are nobody else's business: other users of the machine
 * can connect too, so they need a key.
 */
export function statusRoutes(key: string, status: () => Promise<ServerStatus>): OpenRoute[] {
  const isKey = (text: string): boolean => timingSafeEqual(hash(text), hash(key));
  return [
    {
      path: '/',
      methods: ['GET'],
      errors: 'text',
      access: 'open',
      async handle({query, response}) {
        const nonce = randomBytes(16).toString('base64');
        const isAllowed = isKey(query.get('key') ?? '');
        respond(
          response,
          'text/html; charset=utf-8',
          isAllowed ? statusPage(await status(), nonce) : lockedPage(nonce),
          {
            headers: {
              'Content-Security-Policy': contentSecurityPolicy(nonce),
              // The URL has the key.
              'Referrer-Policy': 'no-referrer',
              'X-Frame-Options': 'DENY',
              'Cross-Origin-Opener-Policy': 'same-origin',
              'Cross-Origin-Resource-Policy': 'same-origin',
            },
          },
        );
      },
    },
    {
      path: '/status',
      methods: ['GET'],
      errors: 'openai',
      access: 'open',
      async handle({request, response}) {
        const [, given = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
        if (!isKey(given)) throw new ServeError(401, 'The key is wrong.', {kind: 'unauthenticated'});
        respondJson(response, await status());
      },
    },
  ];
}

/** Of one length, which comparing requires. */
const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
