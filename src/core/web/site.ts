import {PoeError} from '../errors.js';
import {parseUrl} from './address.js';
import {bundleAddress} from './bundles.js';
import {type Engine, openEngine} from './engine.js';
import {checkPassage} from './envelope.js';
import type {TagRecipe} from './facts.js';
import type {Http} from './http.js';
import type {Generation} from './operations.js';
import {readScripts, type Script} from './page.js';
import {learnTag, signatureName} from './signature.js';

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

/** What the home page and the app bundle tell. */
export interface FoundOnPage {
  html: string;
  /** The form key, 32 characters. */
  key: string;
  /** The form of the site that the page looks like. */
  generation: Generation;
  revision: string | null;
  /** How the page's own function makes tag ids, where it could be asked. */
  tag: TagRecipe | undefined;
}

/** The form key alone, as `readPage` finds it. @throws PoeError as for `readPage` */
export const readFormKey = async (http: Http, signal?: AbortSignal): Promise<string> =>
  (await readPage(http, signal)).key;

/**
 * Reads the home page for the form key and what else it tells. The key are 32 characters that a function hidden in the page's
 * scripts returns (forms of 2024-06 to 2026-08). The function wants to believe it is in a browser and looks for a marker that
 * the app bundle sets; otherwise it returns a wrong key without a word. It runs in a WebAssembly engine only.
 * @throws PoeError as for `readHomePage`, and `not_understood` when there is no such function
 */
export async function readPage(http: Http, signal?: AbortSignal): Promise<FoundOnPage> {
  const html = await readHomePage(http, signal);
  const scripts = readScripts(html);
  const {marker, texts} = await readMarkers(scripts, http, signal);
  const bundles = texts.join('\n');
  const signer = signatureName(bundles) ?? signatureName(html);
  // First only what the site's own clients are known to look at; then whatever there is.
  const found =
    (await runScripts(inline(scripts.filter(isLikely), marker), http.userAgent, signer)) ??
    (await runScripts(inline(scripts, marker), http.userAgent, signer));
  if (!found) {
    throw new PoeError('not_understood', "The form key could not be found in the scripts of Poe's page", {
      hint: 'Give it by hand: poe login --help says where to find it.',
    });
  }
  const revision = /"?poe-revision"?\s*:\s*"([a-f0-9]{20,64})"/i.exec(bundles)?.[1] ?? null;
  const isSeeded = /window\.[\w$]+\(\s*["'][0-9a-f]{56,72}["']\s*\)/.test(html);
  return {...found, html, revision, generation: isSeeded || revision !== null ? '2026-08' : '2025-03'};
}

/** What a bundle sets for the decoder to find: one assignment, and the bundle that has it. */
interface Marker {
  src: string;
  assignment: string;
}

/** Looks for the marker: in the app bundle first, then in the others. What was read on the way may tell more. */
async function readMarkers(
  scripts: Script[],
  http: Http,
  signal?: AbortSignal,
): Promise<{marker: Marker | undefined; texts: string[]}> {
  const bundles = scripts.flatMap(({src}) => (src !== undefined && bundleAddress(src, http.site) ? [src] : []));
  const isApp = (src: string) => /_app\b/.test(src);
  const order = [...bundles.filter(isApp), ...bundles.filter((src) => !isApp(src))].slice(0, mostBundles);
  const texts: string[] = [];
  for (const src of order) {
    const url = bundleAddress(src, http.site);
    const text = url ? await readBundle(url, http, signal) : '';
    texts.push(text);
    const assignment = markerIn(text);
    if (assignment) return {marker: {src, assignment}, texts};
  }
  return {marker: undefined, texts};
}

/** The texts of the scripts in document order, with the marker where its bundle stands; other bundles are left out. */
const inline = (scripts: readonly Script[], marker: Marker | undefined): string[] =>
  scripts.flatMap(({src, text}) => {
    if (src === undefined) return [text];
    return src === marker?.src ? [`${marker.assignment};`] : [];
  });

async function readBundle(url: URL, http: Http, signal?: AbortSignal): Promise<string> {
  const {status, text} = await http.ask(url, {method: 'get', name: 'script', retry: true, signal});
  return status === 200 ? text : '';
}

const markerIn = (text: string): string | undefined =>
  /useFormkeyDecode\s*=[\s\S]*?(window\.[\w$]+\s*=\s*(?:"[^"]+"|'[^']+'))/.exec(text)?.[1];

const isLikely = ({src, text}: Script) =>
  src !== undefined || (!text.includes('document.') && /function|=>/.test(text));

async function runScripts(
  scripts: readonly string[],
  userAgent: string,
  signer: string | undefined,
): Promise<Pick<FoundOnPage, 'key' | 'tag'> | undefined> {
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
    const key = firstKey(engine, [...calls, ...seededCalls(text)]);
    return key === undefined ? undefined : {key, tag: signer === undefined ? undefined : learnTag(engine, signer)};
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
