import type {SiteFacts} from '../protocol/facts.js';
import {type OperationVersion, operationKeys, operations} from '../protocol/operations.js';
import {scriptSources, type SiteReader} from './page.js';
import {ScriptFiles} from './script-files.js';

/** A persisted query that was found in a script. */
interface FoundQuery {
  hash: string;
  /** The names of its variables, if the script declares them. */
  variables: readonly string[];
}

/** Operations and subscriptions that were found in scripts, by name. */
export type FoundHashes = ReadonlyMap<string, FoundQuery>;

/**
 * Reads the hashes of persisted queries from the scripts of a page and then, until `isEnough` is met, from the scripts that its build
 * manifest and its webpack runtime can load. Skips scripts that cannot be read.
 */
export async function readHashes(
  html: string,
  http: SiteReader,
  isEnough: (found: FoundHashes) => boolean,
  signal?: AbortSignal,
): Promise<FoundHashes> {
  const found = new Map(queriesIn(html));
  const collect = (text: string) => {
    for (const [name, query] of queriesIn(text)) found.set(name, query);
  };
  const files = new ScriptFiles(http, signal);
  const sources = scriptSources(html);
  const manifests: string[] = [html];
  await files.readAll(sources, (text, src) => {
    collect(text);
    if (listsChunks(text, src)) manifests.push(text);
  });
  const base = sources.map((src) => /^.*\/_next\//.exec(src)?.[0]).find((start) => start !== undefined);
  if (isEnough(found) || base === undefined) return found;
  const chunks = (await Promise.all(manifests.map(chunksIn))).flat().map((path) => base + path);
  const known = new Set(sources);
  await files.readAll(
    [...new Set(chunks)].filter((src) => !known.has(src)),
    collect,
    () => isEnough(found),
  );
  return found;
}

/** Whether a script is a build manifest or a webpack runtime. */
const listsChunks = (text: string, src: string): boolean =>
  /buildManifest|webpack/i.test(src) || /__BUILD_MANIFEST|["'`]static\/chunks\/["'`]/.test(text);

/** The paths in a build manifest (`"static/….js"`), and those that a webpack runtime computes. */
async function chunksIn(script: string): Promise<string[]> {
  const plain = [...script.matchAll(/["'`](static\/[^"'`\s\\]+?\.js)["'`]/g)].flatMap(([, path]) => path ?? []);
  if (!/["'`]\.js["'`]|\.js`/.test(script)) return plain;
  const {chunksOfRuntime} = await import('./chunk-names.js');
  return [...plain, ...(await chunksOfRuntime(script))];
}

/**
 * Finds queries as Relay compiles them: `params:{id:"<hash>",metadata:{},name:"<name>",…}`, with the fields in any order and any quotes.
 * The variables are declared before that.
 */
function queriesIn(script: string): [name: string, query: FoundQuery][] {
  let start = 0;
  return [...script.matchAll(/\bparams["']?\s*:\s*\{/g)].flatMap(({0: head, index}): [string, FoundQuery][] => {
    const own = ownFields(script.slice(index + head.length, index + head.length + maxParamsLength));
    const hash = /(?<![\w$])id["']?\s*:\s*["'`]([0-9a-f]{64})["'`]/.exec(own)?.[1];
    const name = /(?<![\w$])name["']?\s*:\s*["'`]([^"'`\s]+)["'`]/.exec(own)?.[1];
    if (!hash || !name) return [];
    const variables = variablesIn(script.slice(start, index));
    start = index;
    return [[name, {hash, variables}]];
  });
}

const variablesIn = (text: string): string[] =>
  [...text.matchAll(/["'`]LocalArgument["'`],\s*["']?name["']?\s*:\s*["'`](\w+)["'`]/g)].flatMap(
    ([, name]) => name ?? [],
  );

const maxParamsLength = 4_000;

/** The text up to the end of the object it starts in, without nested objects. */
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

/** The facts with the hashes that were found. If `messageAdded` was found, subscriptions that were not are left out. */
export function withHashes(facts: SiteFacts, found: FoundHashes): SiteFacts {
  const find = finder(found);
  const foundOperations = operationKeys.flatMap((key): [string, OperationVersion][] => {
    const version = find(facts.operations[key].name) ?? find(operations[key].versions['2025-03'].name);
    return version ? [[key, version]] : [];
  });
  const subscriptions = facts.subscriptions.flatMap(({name}) => {
    const query = found.get(name);
    return query ? [{name, hash: query.hash}] : [];
  });
  const hasMessages = subscriptions.some(({name}) => name === 'messageAdded');
  return {
    ...facts,
    ...sendFacts(facts, found, foundOperations.find(([key]) => key === 'sendMessage')?.[1]),
    operations: {...facts.operations, ...Object.fromEntries(foundOperations)},
    subscriptions: hasMessages ? subscriptions : facts.subscriptions,
  };
}

/** A list of variables without these is not that of `sendMessage`. */
const requiredVariables = ['chatId', 'bot', 'query', 'clientNonce'];

/** Which variables `sendMessage` has, if its script declares them. */
function sendFacts({send, takes}: SiteFacts, found: FoundHashes, version: OperationVersion | undefined) {
  const variables = version ? (found.get(version.name)?.variables ?? []) : [];
  if (!requiredVariables.every((name) => variables.includes(name))) return {send, takes};
  return {send: variables.includes('chatNonce') ? ('2026-08' as const) : ('2025-03' as const), takes: variables};
}

/** Finds an operation by its name in any letter case, or else by the part that stays when it moves to another component. */
function finder(found: FoundHashes): (name: string) => OperationVersion | undefined {
  const versions = [...found].map(([name, {hash}]) => ({name, hash}));
  const byName = new Map(versions.map((version) => [version.name.toLowerCase(), version]));
  return (name) => {
    const exact = byName.get(name.toLowerCase());
    if (exact) return exact;
    const [similar, ...others] = versions.filter((version) => coreName(version.name) === coreName(name));
    return others.length === 0 ? similar : undefined;
  };
}

/** The name without its component and its type: `useDeleteChat_deleteChat_Mutation` → `deletechat`. */
function coreName(name: string): string {
  const parts = name.split('_').filter((part) => !/^(?:mutation|query)$/i.test(part));
  return (parts[1] ?? parts[0] ?? name).toLowerCase().replace(/(?:mutation|query)$/, '');
}
