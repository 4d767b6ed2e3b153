import {PoeError} from '../../errors.js';
import {parseUrl} from '../../http/address.js';
import {checkAccess, rateLimited} from '../protocol/response.js';
import type {TagRecipe} from '../protocol/tag.js';
import type {SiteVersion} from '../protocol/operations.js';
import {readScripts, type Script, type SiteReader} from './page.js';
import {findKeyInWorker} from './form-key-worker.js';
import {cluesIn, type FoundKey, keyOfSeed} from './form-key-script.js';
import {ScriptFiles} from './script-files.js';
import {onWindow, quoted} from './script-patterns.js';

const mostRedirects = 3;
const mostFiles = 12;

/**
 * Reads the site's home page as the session.
 * @throws PoeError `bad_tokens` when it leads to the log-in page, `cloudflare`, `unavailable`, `network`, `timeout`
 */
export async function readHomePage(http: SiteReader, signal?: AbortSignal): Promise<string> {
  let url = new URL('/', http.site);
  for (let step = 0; ; step++) {
    const headers = {'Upgrade-Insecure-Requests': '1'};
    const answer = await http.read(url, {name: 'home page', headers, signal});
    const next = redirectWithin(http.site, url, answer.headers.get('Location'));
    if (next && answer.status >= 300 && answer.status < 400 && step < mostRedirects) {
      url = next;
      continue;
    }
    checkAccess(url, answer);
    if (answer.status === 200) return answer.text;
    if (answer.status === 429) throw rateLimited(answer.headers);
    throw new PoeError('unavailable', `${http.site.host} did not return its home page (HTTP ${answer.status})`, {
      hint: 'Try again in a minute.',
    });
  }
}

function redirectWithin(site: URL, from: URL, location: string | null): URL | undefined {
  const target = location === null ? undefined : parseUrl(location, from);
  return target?.origin === site.origin && !target.pathname.startsWith('/login') ? target : undefined;
}

/** What the home page and its scripts tell. */
export interface PageFacts {
  html: string;
  /** The form key, 32 characters. */
  key: string;
  /** The form of the site that the page looks like. */
  siteVersion: SiteVersion;
  revision: string | null;
  /** How the page's own function makes tag ids, where it could be asked. */
  tag: TagRecipe | undefined;
}

/** The form key alone, as `readPage` finds it. @throws PoeError as for `readPage` */
export const readFormKey = async (http: SiteReader, signal?: AbortSignal): Promise<string> =>
  (await readPage(http, signal)).key;

/**
 * Reads the home page for the form key and what else it tells. The key are 32 characters that a function hidden in the page's
 * scripts returns (forms of 2024-06 to 2026-08). The function wants to believe it is in a browser and looks for a marker that
 * the app bundle sets; otherwise it returns a wrong key without a word. It runs in a WebAssembly engine only.
 * @param onHtml is told the page as soon as it is there; its scripts take longer
 * @throws PoeError as for `readHomePage`, and `not_understood` when there is no such function
 */
export async function readPage(
  http: SiteReader,
  signal?: AbortSignal,
  onHtml?: (html: string) => void,
): Promise<PageFacts> {
  const html = await readHomePage(http, signal);
  onHtml?.(html);
  const scripts = readScripts(html);
  const files = new Map(await readApp(scripts, http, signal));
  const told = await findKeyIn(html, scripts, files, http, signal);
  const bundles = [...files.values()].join('\n');
  const revision = /["'`]?poe-revision["'`]?\s*:\s*["'`]([a-f0-9]{20,64})["'`]/i.exec(bundles)?.[1] ?? null;
  const isSeeded = seededCall.test(`${html}\n${bundles}`);
  return {...told, html, revision, siteVersion: isSeeded || revision !== null ? '2026-08' : '2025-03'};
}

const seededCall = new RegExp(String.raw`${onWindow}\(\s*${quoted('[0-9a-f]{56,72}')}\s*\)`);

const isApp = (src: string) => /_app\b/.test(src);

const sourcesOf = (scripts: readonly Script[]) => scripts.flatMap(({src}) => src ?? []);

/** The app bundle, which has the marker and more in the forms known so far. */
async function readApp(
  scripts: Script[],
  http: SiteReader,
  signal?: AbortSignal,
): Promise<[src: string, text: string][]> {
  const files = new ScriptFiles(http, signal);
  const sources = sourcesOf(scripts).filter(isApp).slice(0, mostFiles);
  return Promise.all(sources.map(async (src): Promise<[string, string]> => [src, await files.read(src)]));
}

/** Looks for the key where it has been so far, then in all that the page runs. Files that are read on the way join `files`. */
async function findKeyIn(
  html: string,
  scripts: readonly Script[],
  files: Map<string, string>,
  http: SiteReader,
  signal?: AbortSignal,
): Promise<FoundKey> {
  const clues = () => cluesIn([...files.values(), html].join('\n'));
  const marked = ({src = ''}: Script) => cluesIn(files.get(src) ?? '').marker ?? '';
  const inline = (some: readonly Script[]) =>
    some.map((script) => (script.src === undefined ? script.text : marked(script)));
  const withFiles = () =>
    scripts.flatMap((script) => {
      const file = files.get(script.src ?? '') ?? '';
      return [isChunk(file) ? '' : file, ...inline([script])];
    });
  const readRest = () =>
    new ScriptFiles(http, signal).readAll(
      sourcesOf(scripts)
        .filter((src) => !files.has(src))
        .slice(0, mostFiles),
      (text, src) => void files.set(src, text),
    );

  const {userAgent} = http;
  if (clues().marker === undefined) await readRest();
  // First only what the site's own clients are known to look at; then whatever there is.
  for (const attempt of [() => inline(scripts.filter(isLikely)), () => inline(scripts)]) {
    const found = await findKeyInWorker({scripts: attempt(), clues: clues(), userAgent}, signal);
    if (found?.isNamed) return found;
  }
  await readRest();
  const found =
    (await findKeyInWorker({scripts: withFiles(), clues: clues(), userAgent}, signal)) ??
    (await findKeyInWorker({scripts: inline(scripts), clues: {}, userAgent}, signal));
  if (found) return found;
  const key = keyOfSeed([html, ...files.values()].join('\n'));
  if (key) return {key, tag: undefined, isNamed: false};
  throw new PoeError('not_understood', "No form key found in the scripts of Poe's home page", {
    remedy: 'enter_form_key',
  });
}

/** Whether it is one of the bundler's chunks: they do not run without their runtime, and are large. */
const isChunk = (text: string): boolean => /webpackChunk|__webpack_require__/.test(text.slice(0, 2_000));

const isLikely = ({src, text}: Script) =>
  src !== undefined || (!text.includes('document.') && /function|=>/.test(text));
