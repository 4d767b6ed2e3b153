import {PoeError} from '../../errors.js';
import {parseUrl} from '../../http/url.js';
import type {SiteVersion} from '../protocol/operations.js';
import {checkAccess, rateLimited} from '../protocol/response.js';
import type {TagRecipe} from '../protocol/tag.js';
import {FormKeySearch} from './form-key.js';
import {readScripts, type SiteReader} from './page.js';
import {onWindow, quoted} from './script-patterns.js';

const maxRedirects = 3;

/**
 * Reads the site's home page.
 * @throws PoeError `bad_tokens` if it redirects to the login page; `cloudflare`, `unavailable`, `rate_limited`, `network`, `timeout`
 */
export async function readHomePage(http: SiteReader, signal?: AbortSignal): Promise<string> {
  let url = new URL('/', http.site);
  for (let redirects = 0; ; redirects++) {
    const headers = {'Upgrade-Insecure-Requests': '1'};
    const response = await http.read(url, {name: 'home page', headers, signal});
    const {status} = response;
    const target = redirectWithin(http.site, url, response.headers.get('Location'));
    if (target && status >= 300 && status < 400 && redirects < maxRedirects) {
      url = target;
      continue;
    }
    checkAccess(url, response);
    if (status === 200) return response.text;
    if (status === 429) throw rateLimited(response.headers);
    throw new PoeError('unavailable', `${http.site.host} did not return its home page (HTTP ${status})`, {
      hint: 'Try again in a minute.',
    });
  }
}

function redirectWithin(site: URL, from: URL, location: string | null): URL | undefined {
  const target = location === null ? undefined : parseUrl(location, from);
  return target?.origin === site.origin && !target.pathname.startsWith('/login') ? target : undefined;
}

/** The facts in the home page and its scripts. */
export interface PageFacts {
  html: string;
  /** The form key, 32 characters. */
  key: string;
  /** The site version that the page resembles. */
  siteVersion: SiteVersion;
  revision: string | null;
  /** How the page's own function computes tag ids, if it could be called. */
  tag: TagRecipe | undefined;
}

/**
 * Reads the home page for the form key and other facts.
 * @param onHtml called when the page has arrived, before its scripts are read
 * @throws PoeError as `readHomePage`; `not_understood` if no form key is found
 */
export async function readPage(
  http: SiteReader,
  signal?: AbortSignal,
  onHtml?: (html: string) => void,
): Promise<PageFacts> {
  const html = await readHomePage(http, signal);
  onHtml?.(html);
  const search = new FormKeySearch(html, readScripts(html), http, signal);
  const found = await search.run();
  const bundles = search.bundles.join('\n');
  const revision = /["'`]?poe-revision["'`]?\s*:\s*["'`]([a-f0-9]{20,64})["'`]/i.exec(bundles)?.[1] ?? null;
  const isSeeded = seededCall.test(`${html}\n${bundles}`);
  return {...found, html, revision, siteVersion: isSeeded || revision !== null ? '2026-08' : '2025-03'};
}

const seededCall = new RegExp(String.raw`${onWindow}\(\s*${quoted('[0-9a-f]{56,72}')}\s*\)`);
