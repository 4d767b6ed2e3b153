import {writeFileSync} from 'node:fs';
import type {BotFolder} from '../../../context/bot-folder/bot-folder.js';
import type {TestTarget} from '../../../context/bot-tests/test-target.js';
import type {BotTest, BotTests} from '../../../context/bot-tests/read-tests.js';
import type {Answer, TestResult} from '../../../context/bot-tests/run-tests.js';
import type {Context} from '../../../context/context.js';
import {PoeError} from '../../../core/errors.js';
import type {SendOptions} from '../../../core/options.js';
import {SchemaCheck} from '../../shared/schema/check-json.js';
import {jsonIn} from '../../../output/format/find-json.js';
import {readSchema} from '../../shared/schema/read-schema.js';
import {confirm} from '../../shared/ask-user.js';
import {checkPrice} from './check-price.js';
import {TestView} from './test-view.js';

export interface BotTestFlags {
  local?: boolean;
  bot?: string;
  concurrency?: number;
  junit?: string;
  maxPoints?: number;
  yes?: boolean;
}

/** Runs the tests of a folder. @throws PoeError `test_failed` if a case fails */
export async function runBotTest(context: Context, path: string, flags: BotTestFlags): Promise<void> {
  const {output} = context;
  const isXmlOnStdout = flags.junit === '-';
  if (isXmlOnStdout && output.isJson) {
    throw new PoeError('usage', '--junit - and --json cannot be combined', {hint: 'Name a file.'});
  }
  const [{readBotFolder}, {readTests}] = await Promise.all([
    import('../../../context/bot-folder/bot-folder.js'),
    import('../../../context/bot-tests/read-tests.js'),
  ]);
  const folder = readBotFolder(path);
  const tests = readTests(path);
  const schemas = await readSchemas(tests);
  const target = await chooseTarget(context, folder, flags);
  if (target.kind === 'server' && !flags.yes) await confirmKey(context, target, folder);
  await checkPrice(context, tests, {target, maxPoints: flags.maxPoints});
  const results: TestResult[] = [];
  const view = new TestView(context, tests.cases, {isNote: isXmlOnStdout});
  try {
    for await (const result of await run(context, {tests, target, schemas, concurrency: flags.concurrency})) {
      results.push(result);
      view.add(result, target.bot);
    }
  } finally {
    view.end(results);
    const inOrder = results.toSorted((a, b) => a.index - b.index);
    if (flags.junit !== undefined) await writeJunit(context, flags.junit, target.bot, inOrder);
  }
  const failed = results.filter(({passed}) => !passed).length;
  if (failed > 0) throw new PoeError('test_failed', `${failed} of ${results.length} cases failed`);
  if (flags.junit !== undefined && !isXmlOnStdout && !output.isJson) output.note(`Wrote ${flags.junit}`);
}

/** The JSON Schemas of the cases. @throws PoeError `file`, `usage` */
async function readSchemas({cases}: BotTests): Promise<ReadonlyMap<BotTest, SchemaCheck>> {
  const schemas = new Map<BotTest, SchemaCheck>();
  for (const test of cases) {
    if (test.schema === undefined) continue;
    const schema = typeof test.schema === 'string' ? await readSchema(`@${test.schema}`) : test.schema;
    schemas.set(test, new SchemaCheck(schema));
  }
  return schemas;
}

async function chooseTarget(context: Context, folder: BotFolder, {local, bot}: BotTestFlags): Promise<TestTarget> {
  const {client, io, output, signal} = context;
  const {testTarget} = await import('../../../context/bot-tests/test-target.js');
  const {handle} = folder.settings;
  const isPushed = async () => {
    try {
      return (await client.ownBots.find(handle, {signal})) !== undefined;
    } catch (error) {
      // The server of a bot can be tested without an account.
      const needsLogin = error instanceof PoeError && error.code === 'not_logged_in';
      if (needsLogin && folder.settings.server_url !== undefined) return false;
      throw error;
    }
  };
  const target = await testTarget(folder, {bot, isLocal: local === true, isPushed, env: io.env});
  // Programs that read JSON expect nothing but an error on stderr.
  if (!output.isJson) output.note(noteOn(target, folder));
  return target;
}

/** Who is asked. */
function noteOn(target: TestTarget & {isLocal: boolean}, {settings, knowledge}: BotFolder): string {
  if (target.kind === 'server') {
    const {access_key_env: variable} = settings;
    // The folder may come from somebody else.
    const key = variable === undefined ? '' : ` It gets the key in ${variable}.`;
    return `Testing the server at ${target.url}, without Poe.${key}`;
  }
  if (!target.isLocal) return `Testing ${target.bot} on Poe.`;
  const without = knowledge.length > 0 ? ', without knowledge/' : '';
  return `Testing ${settings.handle} as ${target.bot} with the instructions of prompt.md${without}.`;
}

/** A folder from somebody else must not receive a secret of this machine. */
async function confirmKey(context: Context, target: ServerTarget, {settings}: BotFolder): Promise<void> {
  const {url, isOnThisMachine, accessKey} = target;
  if (accessKey === null || isOnThisMachine) return;
  const what = `the value of ${settings.access_key_env} to ${new URL(url).host}`;
  const refusal = new PoeError('usage', `Nothing was sent: sending ${what} requires confirmation on a terminal`, {
    hint: 'To send it without confirmation, add --yes.',
  });
  await confirm(`Send ${what}?`, context, refusal);
}

type ServerTarget = Extract<TestTarget, {kind: 'server'}>;

interface Run {
  tests: BotTests;
  target: TestTarget;
  schemas: ReadonlyMap<BotTest, SchemaCheck>;
  concurrency: number | undefined;
}

async function run(context: Context, {tests, target, schemas, concurrency}: Run) {
  const {signal} = context;
  const {runTests} = await import('../../../context/bot-tests/run-tests.js');
  // A session is for a person, who writes one message at a time.
  const isSession = target.kind === 'poe' && (await context.client.backendFor({})) === 'web';
  return runTests(tests.cases, {
    ask: (test, signal) => ask(context, test, target, signal),
    askJudge: (question, maxPoints, signal) =>
      send(context, question, {bot: tests.judgeBot, ...(maxPoints !== undefined && {maxPoints}), signal}),
    checkSchema: (test, text) => schemaProblems(schemas.get(test), text),
    concurrency: concurrency ?? (isSession ? 1 : 4),
    signal,
  });
}

async function ask(context: Context, test: BotTest, target: TestTarget, signal: AbortSignal): Promise<Answer> {
  const {prompt, files, maxPoints} = test;
  if (target.kind === 'server') {
    if (files.length > 0) throw new PoeError('file', 'Files can be sent only through Poe');
    const {askServer} = await import('../../../context/bot-tests/ask-server.js');
    const {timeoutMs} = await context.apiProfile.serverOptions();
    const log = context.output.log.bind(context.output);
    return {text: await askServer(target.url, prompt, {...target, timeoutMs, log, signal}), cost: 0};
  }
  const {bot, system, temperature} = target;
  const hasKey = (await context.client.backendFor({})) === 'api';
  return send(context, prompt, {
    bot,
    system,
    files,
    ...(maxPoints !== undefined && {maxPoints}),
    ...(temperature !== undefined && hasKey && {parameters: {temperature: String(temperature)}}),
    signal,
  });
}

/** Sends a message in a chat that is not listed, if the site has such chats. */
async function send({client}: Context, text: string, options: SendOptions): Promise<Answer> {
  const reply = await client.send(text, {...options, isTemporary: true}).catch((error: unknown) => {
    // Nothing was sent.
    if (error instanceof PoeError && error.code === 'usage') return client.send(text, options);
    throw error;
  });
  const {text: answer, points} = await reply.result();
  if (points.cost !== null) return {text: answer, cost: points.cost};
  const cost = await reply.cost({signal: options.signal}).catch((error: unknown) => {
    if (error instanceof PoeError && error.code !== 'interrupted') return {points: null};
    throw error;
  });
  return {text: answer, cost: cost.points};
}

function schemaProblems(check: SchemaCheck | undefined, text: string): string[] {
  if (!check) return [];
  const [found] = jsonIn(text);
  return found ? check.problems(found.value) : ['is not JSON'];
}

/** @param path `-` for stdout */
async function writeJunit({output}: Context, path: string, bot: string, results: readonly TestResult[]): Promise<void> {
  const {junitXml} = await import('../../../context/bot-tests/junit.js');
  const xml = junitXml(bot, results);
  if (path === '-') return output.text(xml);
  try {
    writeFileSync(path, xml);
  } catch (error) {
    throw new PoeError('file', `Could not write ${path}: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}
