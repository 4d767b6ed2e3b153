import {PoeError} from '../../core/errors.js';
import type {WebTokens} from '../../core/web/session/session.js';

const names = new Map<string, keyof WebTokens>([
  ['pb', 'pB'],
  ['plat', 'pLat'],
  ['formkey', 'formKey'],
  ['fromkey', 'formKey'],
  ['cfclearance', 'cfClearance'],
  ['cfbm', 'cfBm'],
  ['useragent', 'userAgent'],
]);

/**
 * Reads tokens from JSON: an object with the cookies' names (`p-b`, `p_b`, `POE_P_B` and the like), or a list of
 * `{name, value}` as browser extensions export cookies.
 * @throws PoeError `usage`
 */
export function readTokens(text: string): WebTokens {
  const tokens: Partial<WebTokens> = {};
  for (const [name, value] of entries(text)) {
    const key = names.get(name.toLowerCase().replaceAll(/^poe_|[^a-z]/g, ''));
    if (key && typeof value === 'string' && value.trim() !== '') tokens[key] = value.trim();
  }
  if (tokens.pB) return {...tokens, pB: tokens.pB, pLat: tokens.pLat ?? ''};
  throw new PoeError('usage', 'The JSON on stdin names no cookie p-b', {
    hint: 'Its form is {"p-b": "…", "p-lat": "…"}.',
  });
}

function entries(text: string): [name: string, value: unknown][] {
  const json = parse(text);
  if (!Array.isArray(json)) return typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return json.flatMap((item: unknown): [string, unknown][] => {
    if (typeof item !== 'object' || item === null || !('name' in item) || !('value' in item)) return [];
    return typeof item.name === 'string' ? [[item.name, item.value]] : [];
  });
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    // The text may hold secrets, so the parser's own message, which quotes it, is not passed on.
    throw new PoeError('usage', 'The text on stdin is not JSON', {hint: 'Its form is {"p-b": "…", "p-lat": "…"}.'});
  }
}
