import {PoeError} from '../errors.js';
import {belongsToSite, parseUrl} from './address.js';
import {type Engine, openEngine} from './engine.js';
import {checkPassage} from './envelope.js';
import type {Http} from './http.js';
import {readScripts, type Script} from './page.js';

const mostRedirects = 3;
const mostBundles = 12;

/**
 * Reads the site's home page as the session.
 * @throws PoeError `bad_tokens` when it leads to the log-in page, `cloudflare`, `unavailable`, `network`, `timeout`
 */
export async function readHomePage(http: Http, signal?: AbortSignal): Promise<string> {
  let url = new URL('/', http.site);
  for (let step = 0; ; step++) {
    const headers = {'Upgrade-Insecure-Requests': '1'};
    const answer = await http.ask(url, {method: 'get', name: 'home page', headers, retry: true, signal});
    const next = redirectWithin(http.site, url, answer.headers.get('Location'));
    if (next && answer.status >= 300 && answer.status < 400 && step < mostRedirects) {
      url = next;
      continue;
    }
    checkPassage(url, answer);
    if (answer.status === 200) return answer.text;
    throw new PoeError('unavailable', `${http.site.host} does not show its home page (HTTP ${answer.status})`, {
      hint: 'Try again in a minute.',
    });
  }
}

function redirectWithin(site: URL, from: URL, location: string | null): URL | undefined {
  const target = location === null ? undefined : parseUrl(location, from);
  return target?.origin === site.origin && !target.pathname.startsWith('/login') ? target : undefined;
}

/**
 * Finds the form key: 32 characters that a function hidden in the home page's scripts returns (form of 2024-06 to 2025).
 * The function wants to believe it is in a browser and looks for a marker that the app bundle sets; otherwise it returns
 * a wrong key without a word. It runs in a WebAssembly engine only.
 * @throws PoeError as for `readHomePage`, and `not_understood` when there is no such function
 */
export async function readFormKey(http: Http, signal?: AbortSignal): Promise<string> {
  const scripts = readScripts(await readHomePage(http, signal));
  const marker = await findMarker(scripts, http, signal);
  // First only what the site's own clients are known to look at; then whatever there is.
  const key =
    (await runScripts(inline(scripts.filter(isLikely), marker), http.userAgent)) ??
    (await runScripts(inline(scripts, marker), http.userAgent));
  if (key) return key;
  throw new PoeError('not_understood', "The form key could not be found in the scripts of Poe's page", {
    hint: 'Give it by hand: poe login --help says where to find it.',
  });
}

/** What a bundle sets for the decoder to find: one assignment, and the bundle that has it. */
interface Marker {
  src: string;
  assignment: string;
}

/** Looks for the marker: in the app bundle first, then in the others. */
async function findMarker(scripts: Script[], http: Http, signal?: AbortSignal): Promise<Marker | undefined> {
  const bundles = scripts.flatMap(({src}) => (src !== undefined && bundleAddress(src, http.site) ? [src] : []));
  const isApp = (src: string) => /_app\b/.test(src);
  const order = [...bundles.filter(isApp), ...bundles.filter((src) => !isApp(src))].slice(0, mostBundles);
  for (const src of order) {
    const url = bundleAddress(src, http.site);
    const assignment = url && (await readMarker(url, http, signal));
    if (assignment) return {src, assignment};
  }
  return undefined;
}

/** The texts of the scripts in document order, with the marker where its bundle stands; other bundles are left out. */
const inline = (scripts: readonly Script[], marker: Marker | undefined): string[] =>
  scripts.flatMap(({src, text}) => {
    if (src === undefined) return [text];
    return src === marker?.src ? [`${marker.assignment};`] : [];
  });

/** The address of a bundle, if it is one that a script of the site may come from. */
function bundleAddress(src: string, site: URL): URL | undefined {
  const url = parseUrl(src, site);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && site.protocol === 'http:');
  return url && safe && belongsToSite(url.host, site) ? url : undefined;
}

async function readMarker(url: URL, http: Http, signal?: AbortSignal): Promise<string | undefined> {
  const {status, text} = await http.ask(url, {method: 'get', name: 'script', retry: true, signal});
  if (status !== 200) return undefined;
  return /useFormkeyDecode\s*=[\s\S]*?(window\.[\w$]+\s*=\s*(?:"[^"]+"|'[^']+'))/.exec(text)?.[1];
}

const isLikely = ({src, text}: Script) =>
  src !== undefined || (!text.includes('document.') && /function|=>/.test(text));

async function runScripts(scripts: readonly string[], userAgent: string): Promise<string | undefined> {
  const engine = await openEngine();
  try {
    engine.run(
      `var window=globalThis,self=globalThis;window.document={hack:1};window.navigator={userAgent:${JSON.stringify(userAgent)}};`,
    );
    const before = new Set(globalFunctions(engine));
    for (const script of scripts) engine.run(script);
    const text = scripts.join('\n');
    const added = globalFunctions(engine).filter((name) => !before.has(name));
    const named = namedLikeKeyFunctions(text).filter((name) => added.includes(name));
    const calls = [...new Set([...named, ...added])].map((name) => `window[${JSON.stringify(name)}]()`);
    return firstKey(engine, [...calls, ...seededCalls(text)]);
  } finally {
    engine.close();
  }
}

/** Names of the functions without parameters that hang on `window`. */
function globalFunctions(engine: Engine): string[] {
  const list = engine.evaluate(
    `Object.getOwnPropertyNames(window).filter(function(n){try{return typeof window[n]==="function"&&window[n].length===0}catch(e){return false}}).join(" ")`,
  );
  return list ? list.split(' ') : [];
}

/** Functions of the form `window.<name>=function(){return window…`, the form key's since 2024-06. */
const namedLikeKeyFunctions = (text: string): string[] =>
  [...text.matchAll(/window\.([\w$]+)\s*=\s*function\s*\(\)\s*\{\s*return\s+window/g)].flatMap(
    ([, name]) => name ?? [],
  );

/** Calls of a decoder with its seed, `window.<decoder>("<seed>")`, seen since 2026. */
const seededCalls = (text: string): string[] =>
  [...text.matchAll(/window\.[\w$]+\(\s*["'][\w-]{16,}["']\s*\)/g)].map(([call]) => call);

function firstKey(engine: Engine, calls: readonly string[]): string | undefined {
  for (const call of calls) {
    const key = engine.evaluate(`String(${call}).slice(0,32)`);
    if (key && /^[0-9a-f]{32}$/i.test(key)) return key;
  }
  return undefined;
}
