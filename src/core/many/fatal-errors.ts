import type {ErrorCode} from '../errors.js';

/** Errors that all following messages would have, too. */
export const fatalErrors: ReadonlySet<ErrorCode> = new Set([
  'interrupted',
  'over_budget',
  'out_of_points',
  'not_logged_in',
  'bad_tokens',
  'bad_form_key',
  'bot_not_found',
  'cloudflare',
  'usage',
]);
