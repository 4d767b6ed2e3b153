import {lookup} from 'node:dns/promises';
import {type ErrorCode, PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import {readHashes, withHashes} from './bundles.js';
import {Channel} from './channel.js';
import {operationKeys} from './operations.js';
import {proxyFor, routeName} from './route.js';
import type {Passport} from './session.js';
import {type FoundOnPage, readPage} from './site.js';
import type {Wire} from './wire.js';

/** What was seen of one layer between the program and Poe. */
export interface Finding {
  layer: string;
  /** `changed`: the site is no longer as it was known; what serves now is found when it is needed, or with `fix`. */
  state: 'good' | 'changed' | 'bad';
  /** Without secrets. */
  saw: string;
  /** What to do about it. */
  fix: string | null;
  /** What kind of failure it is. */
  code: ErrorCode | null;
}

export interface ExamineOptions extends CallOptions {
  /** Keep what the site tells now. */
  fix?: boolean;
}

/**
 * Looks at one layer after the other, from the network to the live channel, and ends where a layer bears no further one.
 * Nothing is changed at Poe, and nothing sent to a bot.
 * @throws PoeError `interrupted`
 */
export async function* examine(
  wire: Wire,
  {fix = false, signal}: ExamineOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  const {http} = wire.session;
  const names = yield* look('name', () => lookUp(http.site), signal);
  if (names === undefined) return;
  const answer = yield* look('connection', () => connect(wire, signal), signal);
  if (answer === undefined) return;
  yield clock(answer.headers.get('Date'));
  const page = yield* lookAtPage(wire, signal);
  if (page === undefined) return;
  const known = await wire.session.passport(signal);
  yield* siteFacts(wire, page, known, {fix, signal});
  if ((yield* look('an operation', () => ask(wire, signal), signal)) === undefined) return;
  yield* look('live channel', () => listen(wire, signal), signal);
}

/** What was seen, and what it is good for. */
interface Seen<T> {
  value: T;
  saw: string;
}

/** Looks at a layer and tells of it. @returns undefined where it is bad */
async function* look<T>(
  layer: string,
  see: () => Promise<Seen<T>>,
  signal?: AbortSignal,
): AsyncGenerator<Finding, T | undefined, undefined> {
  try {
    const {value, saw} = await see();
    yield {layer, state: 'good', saw, fix: null, code: null};
    return value;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield {layer, state: 'bad', saw: error.message, fix: error.hint ?? null, code: error.code};
    return undefined;
  }
}

async function lookUp(site: URL): Promise<Seen<true>> {
  const proxy = proxyFor(site);
  if (proxy) return {value: true, saw: `${routeName(site)}, which looks the name up`};
  const found = await lookup(site.hostname, {all: true}).catch((error: unknown) => {
    throw new PoeError('network', `${site.hostname} has no address (DNS)`, {
      hint: 'Check the network connection and the name.',
      cause: error,
    });
  });
  return {value: true, saw: `${site.hostname} is ${found.map(({address}) => address).join(', ')}`};
}

async function connect({session: {http}}: Wire, signal?: AbortSignal) {
  const started = performance.now();
  const answer = await http.ask(new URL('/api/settings', http.site), {
    method: 'get',
    name: 'connection',
    retry: false,
    signal,
  });
  const way = http.site.protocol === 'https:' ? 'TLS' : 'this machine, no TLS';
  const ms = Math.round(performance.now() - started);
  return {value: answer, saw: `${routeName(http.site)} answers (${way}, HTTP ${answer.status}, ${ms} ms)`};
}

const mostSkewMs = 300_000;

function clock(date: string | null): Finding {
  const skewMs = date === null ? 0 : Date.now() - Date.parse(date);
  const isGood = !(Math.abs(skewMs) > mostSkewMs);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return {
    layer: 'clock',
    state: isGood ? 'good' : 'changed',
    saw: date === null ? 'the site tells no time' : `differs from the site's by ${seconds} s`,
    fix: isGood ? null : 'Set the clock of this machine: cookies expire by it.',
    code: null,
  };
}

/** Which layer it is that a page did not come through. */
const passages: Partial<Record<ErrorCode, string>> = {cloudflare: 'Cloudflare', bad_tokens: 'cookies'};

async function* lookAtPage(
  {session: {http}}: Wire,
  signal?: AbortSignal,
): AsyncGenerator<Finding, FoundOnPage | undefined, undefined> {
  const passed = (layer: string, saw: string): Finding => ({layer, state: 'good', saw, fix: null, code: null});
  try {
    const found = await readPage(http, signal);
    yield passed('Cloudflare', 'lets the page through');
    yield passed('cookies', 'the page takes them');
    yield passed('page', `${Math.round(found.html.length / 1024)} KB, in the form of ${found.generation}`);
    yield passed('form key', 'found on the page');
    return found;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    const layer = passages[error.code] ?? (error.code === 'not_understood' ? 'form key' : 'page');
    yield {layer, state: 'bad', saw: error.message, fix: error.hint ?? null, code: error.code};
    return undefined;
  }
}

/** Compares what is known with what the site tells. */
async function* siteFacts(
  {session}: Wire,
  page: FoundOnPage,
  known: Passport,
  {fix, signal}: ExamineOptions,
): AsyncGenerator<Finding, void, undefined> {
  const {facts} = known;
  const fresh = session.factsOf(page, facts);
  const hashes = await readHashes(page.html, session.http, () => false, signal);
  const now = withHashes(fresh, hashes);
  const remedy = fix
    ? 'It has been kept.'
    : 'It is found anew when Poe refuses what was known; to do so now: poe doctor --fix';
  const compared = (layer: string, isSame: boolean, saw: string): Finding => ({
    layer,
    state: isSame ? 'good' : 'changed',
    saw,
    fix: isSame ? null : remedy,
    code: null,
  });
  const isSameTag = JSON.stringify(facts.tag) === JSON.stringify(now.tag);
  const how = page.tag ? 'as the page makes it' : 'the page does not tell how it is made';
  yield compared('tag', isSameTag, isSameTag ? how : 'the page makes it in another way than was known');
  yield compared(
    'headers',
    facts.revision === now.revision && facts.namesOperations === now.namesOperations,
    now.namesOperations
      ? `operations are named, at revision ${now.revision?.slice(0, 8) ?? 'unknown'}`
      : 'none besides key and tag',
  );
  const moved = operationKeys.filter((key) => facts.operations[key].hash !== now.operations[key].hash);
  const told = `the site's scripts tell of ${hashes.size} operations`;
  const names = moved.map((key) => now.operations[key].name).join(', ');
  yield compared('hashes', moved.length === 0, moved.length === 0 ? told : `${told}; changed: ${names}`);
  if (fix) await session.adopt({formKey: page.key, facts: now});
}

async function ask(wire: Wire, signal?: AbortSignal): Promise<Seen<true>> {
  const {viewer} = await wire.call('settings', {}, {signal});
  return {value: true, saw: viewer ? 'Poe answers it, with the account' : 'Poe answers it, without an account'};
}

async function listen(wire: Wire, signal?: AbortSignal): Promise<Seen<true>> {
  const channel = new Channel(wire);
  try {
    await channel.open({signal});
    return {value: true, saw: 'opens, and takes the subscriptions'};
  } finally {
    channel.close();
  }
}
