import {PoeError} from '../../core/errors.js';
import type {WebTokens} from '../../core/web/session/session.js';

/** Names of tokens, in lower case and without separators. */
const fields = new Map<string, keyof WebTokens>([
  ['pb', 'pB'],
  ['plat', 'pLat'],
  ['formkey', 'formKey'],
  ['fromkey', 'formKey'],
  ['cfclearance', 'cfClearance'],
  ['cfbm', 'cfBm'],
  ['useragent', 'userAgent'],
]);

/**
 * Reads tokens from JSON: an object with names such as `p-b`, `p_b` or `POE_P_B`, or a list of `{name, value}`, the format in which
 * browser extensions export cookies.
 * @throws PoeError `usage`
 */
export function readTokens(text: string): WebTokens {
  const tokens: Partial<WebTokens> = {};
  for (const [name, value] of entries(text)) {
    const key = fields.get(name.toLowerCase().replaceAll(/^poe_|[^a-z]/g, ''));
    if (key && typeof value === 'string' && value.trim() !== '') tokens[key] = value.trim();
  }
  if (tokens.pB) return {...tokens, pB: tokens.pB, pLat: tokens.pLat ?? ''};
  throw invalid('has no cookie p-b');
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
    // The error of JSON.parse quotes the text, which contains secrets.
    throw invalid('is not JSON');
  }
}

const invalid = (problem: string) =>
  new PoeError('usage', `The text on stdin ${problem}`, {hint: 'Expected {"p-b": "…", "p-lat": "…"}.'});
