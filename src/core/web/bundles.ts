import {belongsToSite, parseUrl} from './address.js';
import type {SiteFacts} from './facts.js';
import type {Http} from './http.js';
import {type OperationForm, operationKeys, operations} from './operations.js';
import {readScripts} from './page.js';

const mostBundles = 200;
const mostCharacters = 64_000_000;
const mostMs = 60_000;
const atOnce = 6;

/** The address of a script, if it is one that the site's scripts may come from. */
export function bundleAddress(src: string, site: URL): URL | undefined {
  const url = parseUrl(src, site);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && site.protocol === 'http:');
  return url && safe && belongsToSite(url.host, site) ? url : undefined;
}

/** Persisted queries that scripts tell, by their names: what is sent, and what is subscribed to. */
export type FoundHashes = ReadonlyMap<string, string>;

/**
 * Gathers the hashes of persisted queries from the scripts that a page names and, where `isEnough` is not met by these, from
 * those that its build manifest and its webpack runtime name. Scripts that do not come are passed over.
 */
export async function readHashes(
  html: string,
  http: Http,
  isEnough: (found: FoundHashes) => boolean,
  signal?: AbortSignal,
): Promise<FoundHashes> {
  const found = new Map<string, string>();
  const sources = readScripts(html).flatMap(({src}) => (src === undefined ? [] : [src]));
  const named = await readAll(sources, http, found, signal);
  if (isEnough(found)) return found;
  const base = sources.map((src) => /^.*\/_next\//.exec(src)?.[0]).find((start) => start !== undefined);
  if (base === undefined) return found;
  const more = named.flatMap(chunksIn).map((path) => base + path);
  const known = new Set(sources);
  await readAll(
    [...new Set(more)].filter((src) => !known.has(src)),
    http,
    found,
    signal,
  );
  return found;
}

/** Reads scripts, a few at a time, notes the hashes in them, and gives those that name further scripts. */
async function readAll(
  sources: readonly string[],
  http: Http,
  found: Map<string, string>,
  signal?: AbortSignal,
): Promise<string[]> {
  const queue = sources.flatMap((src) => bundleAddress(src, http.site) ?? []).slice(0, mostBundles);
  const listing: string[] = [];
  const until = Date.now() + mostMs;
  let left = mostCharacters;
  const work = async () => {
    for (let url = queue.shift(); url && left > 0 && Date.now() < until; url = queue.shift()) {
      const text = await readScript(url, http, signal);
      left -= text.length;
      for (const [name, hash] of hashesIn(text)) found.set(name, hash);
      if (/buildManifest|webpack/.test(url.pathname)) listing.push(text);
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return listing;
}

async function readScript(url: URL, http: Http, signal?: AbortSignal): Promise<string> {
  try {
    const {status, text} = await http.ask(url, {method: 'get', name: 'script', retry: true, signal});
    return status === 200 ? text : '';
  } catch (error) {
    if (signal?.aborted) throw error;
    return '';
  }
}

/** `params:{id:"<hash>",metadata:{},name:"<name>",…}`, as Relay compiles it. */
const hashesIn = (script: string): [name: string, hash: string][] =>
  [...script.matchAll(/params:\{id:"([0-9a-f]{64})"[^{}]*(?:\{[^{}]*\}[^{}]*)?name:"([^"\s]+)"/g)].flatMap(
    ([, hash, name]): [string, string][] => (hash && name ? [[name, hash]] : []),
  );

/** The chunks that a build manifest (`"static/….js"`) or a webpack runtime (`({id:"hash"})[e]+".js"`) names, as paths. */
function chunksIn(script: string): string[] {
  const plain = [...script.matchAll(/"(static\/[\w./%[\]-]+?\.js)"/g)].flatMap(([, path]) => path ?? []);
  const table = /\{((?:"?\w+"?:"[0-9a-f]{8,20}",?)+)\}\)?\[\w+\]\+"\.js"/.exec(script)?.[1] ?? '';
  const mapped = [...table.matchAll(/"?(\w+)"?:"([0-9a-f]+)"/g)].map(
    ([, id, hash]) => `static/chunks/${id}.${hash}.js`,
  );
  return [...plain, ...mapped];
}

/** Facts with the hashes that the site's scripts tell. Subscriptions they do not tell of are left out, if they tell of any. */
export function withHashes(facts: SiteFacts, found: FoundHashes): SiteFacts {
  const byName = new Map([...found].map(([name, hash]) => [name.toLowerCase(), {name, hash}]));
  const formNamed = (name: string | undefined) => (name === undefined ? undefined : byName.get(name.toLowerCase()));
  const operationsFound = operationKeys.flatMap((key): [string, OperationForm][] => {
    const {forms} = operations[key];
    const form = formNamed(facts.operations[key].name) ?? formNamed(forms['2025-03'].name);
    return form ? [[key, form]] : [];
  });
  const subscriptions = facts.subscriptions.flatMap(({name}) => {
    const hash = found.get(name);
    return hash ? [{name, hash}] : [];
  });
  const isHeard = subscriptions.some(({name}) => name === 'messageAdded');
  return {
    ...facts,
    operations: {...facts.operations, ...Object.fromEntries(operationsFound)},
    subscriptions: isHeard ? subscriptions : facts.subscriptions,
  };
}
