import {type ErrorCode, PoeError} from '../../errors.js';
import {readHashes, withHashes} from '../site/bundles.js';
import {Channel} from '../live/channel.js';
import {requestChannel} from '../live/request-channel.js';
import {type DiagnoseOptions, failedFinding, type Finding, okFinding} from '../../finding.js';
import {check, type Checked} from './check.js';
import {operationGroups} from '../protocol/operations.js';
import {routeName} from '../../http/proxy-route.js';
import type {RequestCredentials} from '../session/session.js';
import {type PageFacts, readHomePage, readPage} from '../site/site.js';
import {checkNetworkPath} from './network-path.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/**
 * Looks at one layer after the other, from the network to the live channel, and ends where a layer bears no further one.
 * Nothing is changed at Poe, and nothing sent to a bot.
 * @throws PoeError `interrupted`
 */
export async function* diagnose(
  wire: GraphqlClient,
  options: DiagnoseOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  const {signal, stranger} = options;
  const {session} = wire;
  const {http} = session;
  if (!(yield* checkNetworkPath(http.site, {timeoutMs: http.timeoutMs, signal}))) return;
  const answer = yield* check('answer', () => connect(wire, signal), signal);
  if (answer === undefined) return;
  yield clock(answer.headers.get('Date'));
  if (stranger) {
    yield* lookAsStranger(wire, stranger, signal);
    return;
  }
  const page = yield* lookAtPage(wire, signal);
  if (page === undefined) return;
  yield* siteFacts(wire, page, await session.passport(signal), options);
  if ((yield* check('an operation', () => ask(wire, signal), signal)) === undefined) return;
  if ((yield* check('channel', () => nameChannel(wire, signal), signal)) === undefined) return;
  yield* check('socket', () => listen(wire, signal), signal);
}

async function connect({session: {http}}: GraphqlClient, signal?: AbortSignal) {
  const started = performance.now();
  const answer = await http.ask(new URL('/api/settings', http.site), {
    method: 'GET',
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
    state: isGood ? 'ok' : 'changed',
    detail: date === null ? 'the site tells no time' : `differs from the site's by ${seconds} s`,
    hint: isGood ? null : 'Set the clock of this machine: cookies expire by it.',
    code: null,
  };
}

/** Which layer it is that a page did not come through. */
const passages: Partial<Record<ErrorCode, string>> = {
  cloudflare: 'Cloudflare',
  bad_tokens: 'cookies',
  not_understood: 'form key',
};

async function* lookAtPage(
  {session: {http}}: GraphqlClient,
  signal?: AbortSignal,
): AsyncGenerator<Finding, PageFacts | undefined, undefined> {
  try {
    const found = await readPage(http, signal);
    yield okFinding('Cloudflare', 'lets the page through');
    yield okFinding('cookies', 'the page takes them');
    yield okFinding('page', `${Math.round(found.html.length / 1024)} KB, in the form of ${found.siteVersion}`);
    yield okFinding('form key', 'found on the page');
    return found;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield failedFinding(passages[error.code] ?? 'page', error);
    return undefined;
  }
}

/** To one who is not logged in, the page is that of the log-in. */
async function* lookAsStranger(
  {session: {http}}: GraphqlClient,
  stranger: PoeError,
  signal?: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  try {
    await readHomePage(http, signal);
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    if (error.code !== 'bad_tokens') {
      yield failedFinding(passages[error.code] ?? 'page', error);
      yield failedFinding('cookies', stranger);
      return;
    }
  }
  yield okFinding('Cloudflare', 'lets the page through');
  yield okFinding('page', 'asks strangers to log in');
  yield failedFinding('cookies', stranger);
}

/** Compares what is known with what the site tells. */
async function* siteFacts(
  {session}: GraphqlClient,
  page: PageFacts,
  {facts}: RequestCredentials,
  {fix, signal}: DiagnoseOptions,
): AsyncGenerator<Finding, void, undefined> {
  const fresh = session.factsOf(page, facts);
  const hashes = await readHashes(page.html, session.http, () => false, signal);
  const now = withHashes(fresh, hashes);
  const remedy = fix
    ? 'It has been kept.'
    : 'It is found anew when Poe refuses what was known; to do so now: poe doctor --fix';
  const compared = (layer: string, isSame: boolean, saw: string): Finding => ({
    ...okFinding(layer, saw),
    ...(!isSame && {state: 'changed', hint: remedy}),
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
  for (const [group, keys] of Object.entries(operationGroups)) {
    const moved = keys.filter((key) => facts.operations[key].hash !== now.operations[key].hash);
    const told = keys.filter((key) => hashes.has(now.operations[key].name)).length;
    yield compared(
      `hashes of ${group}`,
      moved.length === 0,
      seenOf(
        told,
        keys.length,
        moved.map((key) => now.operations[key].name),
      ),
    );
  }
  const known = new Map(facts.subscriptions.map(({name, hash}) => [name, hash]));
  const others = now.subscriptions.filter(({name, hash}) => known.get(name) !== hash).map(({name}) => name);
  const told = facts.subscriptions.filter(({name}) => hashes.has(name)).length;
  yield compared('hashes of subscriptions', others.length === 0, seenOf(told, known.size, others));
  if (fix) await session.adopt({formKey: page.key, facts: now});
}

const seenOf = (told: number, all: number, changed: readonly string[]): string =>
  `the site's scripts tell ${told} of ${all}${changed.length > 0 ? `; changed: ${changed.join(', ')}` : ''}`;

async function nameChannel({session}: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const {boxName, baseHost} = await requestChannel(session, signal);
  return {value: true, saw: `one is given, at ${boxName} of ${baseHost}`};
}

async function ask(wire: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const {viewer} = await wire.call('settings', {}, {signal});
  return {value: true, saw: viewer ? 'Poe answers it, with the account' : 'Poe answers it, without an account'};
}

async function listen(wire: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const channel = new Channel(wire);
  try {
    await channel.open({signal});
    return {value: true, saw: 'opens, and takes the subscriptions'};
  } finally {
    channel.close();
  }
}
