import {PoeError} from '../../errors.js';

/** The user agent that most clients of Poe used in 2026. */
export const defaultUserAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36 Edg/145.0.0.0';

/**
 * The headers that a browser with this user agent sends with every request. Client hints are derived from the user agent, so that they
 * match it; Firefox and Safari send none.
 */
export function browserHeaders(userAgent: string): Record<string, string> {
  return {
    'User-Agent': userAgent,
    Accept: '*/*',
    'Accept-Language': 'en-US,en;q=0.5',
    ...clientHints(userAgent),
  };
}

function clientHints(userAgent: string): Record<string, string> {
  const chromium = /Chrome\/(\d+)/.exec(userAgent)?.[1];
  if (!chromium) return {};
  const edge = /Edg\/(\d+)/.exec(userAgent)?.[1];
  const brand = edge ? `"Microsoft Edge";v="${edge}"` : `"Google Chrome";v="${chromium}"`;
  return {
    'Sec-Ch-Ua': `${brand}, "Not:A-Brand";v="8", "Chromium";v="${chromium}"`,
    'Sec-Ch-Ua-Mobile': userAgent.includes('Mobile') ? '?1' : '?0',
    'Sec-Ch-Ua-Platform': `"${platform(userAgent)}"`,
  };
}

function platform(userAgent: string): string {
  if (userAgent.includes('Windows')) return 'Windows';
  if (userAgent.includes('Android')) return 'Android';
  return userAgent.includes('Mac OS X') ? 'macOS' : 'Linux';
}

/** Returns a user agent that a header can contain. @throws PoeError `usage` */
export function checkUserAgent(userAgent: string): string {
  if (/^[\t\u0020-\u007E]*$/.test(userAgent)) return userAgent;
  throw new PoeError('usage', 'The user agent contains an invalid character', {
    hint: 'Copy it from your browser again, as one line.',
  });
}
