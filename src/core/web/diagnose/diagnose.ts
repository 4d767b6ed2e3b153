import {type ErrorCode, PoeError} from '../../errors.js';
import {readHashes, withHashes} from '../site/bundles.js';
import {Channel} from '../live/channel.js';
import {requestChannel} from '../live/request-channel.js';
import {type DiagnoseOptions, failedFinding, type Finding, okFinding} from '../../finding.js';
import {check, type Checked} from './check.js';
import {operationGroups} from '../protocol/operations.js';
import {routeName} from '../../http/connect/proxy-settings.js';
import type {RequestCredentials} from '../session/credentials.js';
import {type PageFacts, readHomePage, readPage} from '../site/home-page.js';
import {checkNetworkPath} from './network-path.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/**
 * Checks one layer after another, from the network to the live channel. Stops at the first layer that the later ones depend on
 * and that fails. Changes nothing on Poe and sends nothing to a bot.
 * @throws PoeError `interrupted`
 */
export async function* diagnose(
  graphql: GraphqlClient,
  options: DiagnoseOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  const {signal, anonymous} = options;
  const {session} = graphql;
  const {http} = session;
  if (!(yield* checkNetworkPath(http.site, {timeoutMs: http.timeoutMs, signal}))) return;
  const response = yield* check('response', () => requestSettings(graphql, signal), signal);
  if (response === undefined) return;
  yield compareClocks(response.headers.get('Date'));
  if (anonymous) {
    yield* checkLoginPage(graphql, anonymous, signal);
    return;
  }
  const page = yield* checkHomePage(graphql, signal);
  if (page === undefined) return;
  yield* compareFacts(graphql, page, await session.credentials(signal), options);
  if ((yield* check('operation', () => callOperation(graphql, signal), signal)) === undefined) return;
  if ((yield* check('channel', () => findChannel(graphql, signal), signal)) === undefined) return;
  yield* check('socket', () => openChannel(graphql, signal), signal);
}

async function requestSettings({session: {http}}: GraphqlClient, signal?: AbortSignal) {
  const started = performance.now();
  const response = await http.request(new URL('/api/settings', http.site), {
    method: 'GET',
    name: 'connection',
    retry: 'never',
    signal,
  });
  const encryption = http.site.protocol === 'https:' ? 'TLS' : 'this machine, no TLS';
  const ms = Math.round(performance.now() - started);
  const detail = `${routeName(http.site)} responds (${encryption}, HTTP ${response.status}, ${ms} ms)`;
  return {value: response, detail};
}

const maxSkewMs = 300_000;

function compareClocks(date: string | null): Finding {
  if (date === null) return okFinding('clock', 'the site does not send the time');
  const skewMs = Date.now() - Date.parse(date);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const finding = okFinding('clock', `differs from the clock of the site by ${seconds} s`);
  if (!(Math.abs(skewMs) > maxSkewMs)) return finding;
  return {...finding, state: 'changed', hint: 'Set the clock of this machine: cookies expire by it.'};
}

/** The layer that failed if the home page did not arrive. */
const layerOfCode: Partial<Record<ErrorCode, string>> = {
  cloudflare: 'Cloudflare',
  bad_tokens: 'cookies',
  not_understood: 'form key',
};

async function* checkHomePage(
  {session: {http}}: GraphqlClient,
  signal?: AbortSignal,
): AsyncGenerator<Finding, PageFacts | undefined, undefined> {
  try {
    const page = await readPage(http, signal);
    yield okFinding('Cloudflare', 'does not block the page');
    yield okFinding('cookies', 'accepted by the page');
    yield okFinding('page', `${Math.round(page.html.length / 1024)} KB, site version ${page.siteVersion}`);
    yield okFinding('form key', 'found on the page');
    return page;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield failedFinding(layerOfCode[error.code] ?? 'page', error);
    return undefined;
  }
}

/** Without cookies, the home page redirects to the login page. */
async function* checkLoginPage(
  {session: {http}}: GraphqlClient,
  anonymous: PoeError,
  signal?: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  try {
    await readHomePage(http, signal);
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    if (error.code !== 'bad_tokens') {
      yield failedFinding(layerOfCode[error.code] ?? 'page', error);
      yield failedFinding('cookies', anonymous);
      return;
    }
  }
  yield okFinding('Cloudflare', 'does not block the page');
  yield okFinding('page', 'asks to log in');
  yield failedFinding('cookies', anonymous);
}

/** Compares the stored facts with those of the site. */
async function* compareFacts(
  {session}: GraphqlClient,
  page: PageFacts,
  {facts: stored}: RequestCredentials,
  {fix, signal}: DiagnoseOptions,
): AsyncGenerator<Finding, void, undefined> {
  const hashes = await readHashes(page.html, session.http, () => false, signal);
  const current = withHashes(session.mergeFacts(page, stored), hashes);
  const compared = (layer: string, isSame: boolean, detail: string): Finding => {
    const finding = okFinding(layer, detail);
    if (isSame) return finding;
    const next = fix ? {hint: 'The new value was stored.'} : {facts: {remedy: 'refresh_site' as const}};
    return {...finding, state: 'changed', ...next};
  };
  const isSameTag = JSON.stringify(stored.tag) === JSON.stringify(current.tag);
  const tagSource = page.tag ? 'computed as the page does' : 'the page does not show how it is computed';
  yield compared('signature', isSameTag, isSameTag ? tagSource : 'the page computes it differently now');
  yield compared(
    'request headers',
    stored.revision === current.revision && stored.namesOperations === current.namesOperations,
    current.namesOperations
      ? `the operation and revision ${current.revision?.slice(0, 8) ?? 'unknown'}`
      : 'only the form key and the signature',
  );
  for (const [group, keys] of Object.entries(operationGroups)) {
    const changed = keys.filter((key) => stored.operations[key].hash !== current.operations[key].hash);
    const found = keys.filter((key) => hashes.has(current.operations[key].name));
    const names = changed.map((key) => current.operations[key].name);
    yield compared(`hashes of ${group}`, changed.length === 0, hashCount(found.length, keys.length, names));
  }
  const storedHashes = new Map(stored.subscriptions.map(({name, hash}) => [name, hash]));
  const changed = current.subscriptions.filter(({name, hash}) => storedHashes.get(name) !== hash);
  const found = stored.subscriptions.filter(({name}) => hashes.has(name));
  const names = changed.map(({name}) => name);
  yield compared('hashes of live updates', changed.length === 0, hashCount(found.length, storedHashes.size, names));
  if (fix) await session.adopt({formKey: page.key, facts: current});
}

const hashCount = (found: number, all: number, changed: readonly string[]): string =>
  `${found} of ${all} found in the scripts of the site${changed.length > 0 ? `; changed: ${changed.join(', ')}` : ''}`;

async function callOperation(graphql: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const {viewer} = await graphql.call('settings', {}, {signal});
  return {value: true, detail: viewer ? 'Poe responds with the account' : 'Poe responds without an account'};
}

async function findChannel({session}: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const {boxName, baseHost} = await requestChannel(session, signal);
  return {value: true, detail: `assigned: ${boxName} at ${baseHost}`};
}

async function openChannel(graphql: GraphqlClient, signal?: AbortSignal): Promise<Checked<true>> {
  const channel = new Channel(graphql);
  try {
    await channel.open({signal});
    return {value: true, detail: 'opens and accepts the subscriptions'};
  } finally {
    channel.close();
  }
}
