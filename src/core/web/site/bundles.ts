import type {SiteFacts} from '../protocol/facts.js';
import {type OperationVersion, operationKeys, operations} from '../protocol/operations.js';
import {scriptSources, type SiteReader} from './page.js';
import {ScriptFiles} from './script-files.js';

/** A persisted query that a script tells. */
interface FoundQuery {
  hash: string;
  /** The names of its variables, where the script has them. */
  takes: readonly string[];
}

/** Persisted queries that scripts tell, by their names: what is sent, and what is subscribed to. */
export type FoundHashes = ReadonlyMap<string, FoundQuery>;

/**
 * Gathers the hashes of persisted queries from the scripts that a page names and, where `isEnough` is not met by these, from
 * those that its build manifest and its webpack runtime name, until it is. Scripts that do not come are passed over.
 */
export async function readHashes(
  html: string,
  http: SiteReader,
  isEnough: (found: FoundHashes) => boolean,
  signal?: AbortSignal,
): Promise<FoundHashes> {
  const found = new Map(queriesIn(html));
  const note = (text: string) => {
    for (const [name, query] of queriesIn(text)) found.set(name, query);
  };
  const files = new ScriptFiles(http, signal);
  const sources = scriptSources(html);
  const listing: string[] = [html];
  await files.readAll(sources, (text, src) => {
    note(text);
    if (namesChunks(text, src)) listing.push(text);
  });
  const base = sources.map((src) => /^.*\/_next\//.exec(src)?.[0]).find((start) => start !== undefined);
  if (isEnough(found) || base === undefined) return found;
  const chunks = (await Promise.all(listing.map(chunksIn))).flat().map((path) => base + path);
  const known = new Set(sources);
  await files.readAll(
    [...new Set(chunks)].filter((src) => !known.has(src)),
    note,
    () => isEnough(found),
  );
  return found;
}

/** Whether it is a build manifest, or a webpack runtime. */
const namesChunks = (text: string, src: string): boolean =>
  /buildManifest|webpack/i.test(src) || /__BUILD_MANIFEST|["'`]static\/chunks\/["'`]/.test(text);

/** The chunks that a build manifest (`"static/….js"`) and a webpack runtime (by its function that names them) name. */
async function chunksIn(script: string): Promise<string[]> {
  const plain = [...script.matchAll(/["'`](static\/[^"'`\s\\]+?\.js)["'`]/g)].flatMap(([, path]) => path ?? []);
  if (!/["'`]\.js["'`]|\.js`/.test(script)) return plain;
  const {chunksOfRuntime} = await import('./chunk-names.js');
  return [...plain, ...(await chunksOfRuntime(script))];
}

/**
 * `params:{id:"<hash>",metadata:{},name:"<name>",…}`, as Relay compiles it: its parts in any order and any quotes. The query's
 * variables stand before it.
 */
function queriesIn(script: string): [name: string, query: FoundQuery][] {
  let start = 0;
  return [...script.matchAll(/\bparams["']?\s*:\s*\{/g)].flatMap(({0: head, index}): [string, FoundQuery][] => {
    const own = ownFields(script.slice(index + head.length, index + head.length + longestParams));
    const hash = /(?<![\w$])id["']?\s*:\s*["'`]([0-9a-f]{64})["'`]/.exec(own)?.[1];
    const name = /(?<![\w$])name["']?\s*:\s*["'`]([^"'`\s]+)["'`]/.exec(own)?.[1];
    if (!hash || !name) return [];
    const takes = variablesIn(script.slice(start, index));
    start = index;
    return [[name, {hash, takes}]];
  });
}

const variablesIn = (text: string): string[] =>
  [...text.matchAll(/["'`]LocalArgument["'`],\s*["']?name["']?\s*:\s*["'`](\w+)["'`]/g)].flatMap(
    ([, name]) => name ?? [],
  );

const longestParams = 4_000;

/** The text of an object up to its end, without the objects in it. */
function ownFields(text: string): string {
  let own = '';
  let depth = 0;
  for (const piece of text.split(/([{}])/)) {
    if (piece === '{') depth++;
    else if (piece === '}') depth--;
    else if (depth === 0) own += piece;
    if (depth < 0) break;
  }
  return own;
}

/** Facts with the hashes that the site's scripts tell. Subscriptions they do not tell of are left out, if they tell of any. */
export function withHashes(facts: SiteFacts, found: FoundHashes): SiteFacts {
  const formNamed = finder(found);
  const operationsFound = operationKeys.flatMap((key): [string, OperationVersion][] => {
    const {forms} = operations[key];
    const form = formNamed(facts.operations[key].name) ?? formNamed(forms['2025-03'].name);
    return form ? [[key, form]] : [];
  });
  const subscriptions = facts.subscriptions.flatMap(({name}) => {
    const query = found.get(name);
    return query ? [{name, hash: query.hash}] : [];
  });
  const isHeard = subscriptions.some(({name}) => name === 'messageAdded');
  return {
    ...facts,
    ...sendOf(facts, found, operationsFound.find(([key]) => key === 'sendMessage')?.[1]),
    operations: {...facts.operations, ...Object.fromEntries(operationsFound)},
    subscriptions: isHeard ? subscriptions : facts.subscriptions,
  };
}

/** A list without these is not that of a message. */
const indispensable = ['chatId', 'bot', 'query', 'clientNonce'];

/** Which variables a message takes, as far as its script tells. */
function sendOf({send, takes}: SiteFacts, found: FoundHashes, form: OperationVersion | undefined) {
  const told = form ? (found.get(form.name)?.takes ?? []) : [];
  if (!indispensable.every((name) => told.includes(name))) return {send, takes};
  return {send: told.includes('chatNonce') ? ('2026-08' as const) : ('2025-03' as const), takes: told};
}

/** Finds an operation by its name, in any case; else by the part that stays when it moves to another component of the site. */
function finder(found: FoundHashes): (name: string) => OperationVersion | undefined {
  const forms = [...found].map(([name, {hash}]) => ({name, hash}));
  const byName = new Map(forms.map((form) => [form.name.toLowerCase(), form]));
  return (name) => {
    const exact = byName.get(name.toLowerCase());
    if (exact) return exact;
    const [alike, ...more] = forms.filter((form) => essence(form.name) === essence(name));
    return more.length === 0 ? alike : undefined;
  };
}

/** `useDeleteChat_deleteChat_Mutation` → `deletechat`: the component is left out, and what kind of operation it is. */
function essence(name: string): string {
  const parts = name.split('_').filter((part) => !/^(?:mutation|query)$/i.test(part));
  return (parts[1] ?? parts[0] ?? name).toLowerCase().replace(/(?:mutation|query)$/, '');
}
