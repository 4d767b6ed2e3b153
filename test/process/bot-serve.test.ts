import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {accessKey, events, query} from '../bot-server/serve.js';
import {runMain, temporaryFolder} from '../support/harness.js';
import {runProgram} from '../support/program.js';
import {scriptedApi} from '../support/servers/scripted-api.js';

/* `poe bot serve`, with scripts in a thread. */

/** Writes scripts. */
function withScripts(scripts: Record<string, string>) {
  const folder = join(temporaryFolder(), 'bot');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text);
  const env = {PATH: process.env.PATH, POE_CONFIG_DIR: temporaryFolder()};
  return {
    pathOf: (name: string) => join(folder, name),
    run: (name: string, ...flags: string[]) =>
      runProgram(['bot', 'serve', join(folder, name), '--port', '0', ...flags], env),
    env,
  };
}

test('a bot in a script answers, is loaded again when it changes, and updates its settings on Poe', async () => {
  const {env: apiEnv, requests} = await scriptedApi({[`/bot/update_settings/EchoBot/${accessKey}/1.2`]: {}});
  const script = (greeting: string) => `
    console.log('loading');
    export default {
      handle: 'EchoBot',
      settings: {introductionMessage: 'Hello'},
      async *reply({message}) {
        if (message.content === 'fail') throw new Error('a secret');
        if (message.content === 'forget') void Promise.reject(new Error('forgotten'));
        yield '${greeting} ' + message.content + ' ' + JSON.stringify(process.env.POE_ACCESS_KEY);
      },
    };`;
  const {pathOf, env} = withScripts({'echo.mjs': script('You wrote')});
  const child = spawn(
    process.execPath,
    ['bin/poe.js', 'bot', 'serve', pathOf('echo.mjs'), '--port', '0', '--watch', '--json'],
    {env: {...env, ...apiEnv, POE_ACCESS_KEY: accessKey}, stdio: ['ignore', 'pipe', 'pipe']},
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [line]: Buffer[] = await once(child.stdout, 'data');
  const {url, bots}: {url: string; bots: unknown[]} = JSON.parse(String(line));
  expect(bots).toEqual([{handle: 'EchoBot', path: '/', url}]);
  const ask = async (text: string) => {
    const headers = {'Content-Type': 'application/json', Authorization: `Bearer ${accessKey}`};
    const response = await fetch(url, {method: 'POST', headers, body: JSON.stringify(query(text))});
    return events(await response.text());
  };
  expect(await ask('hi')).toEqual(['text {"text":"You wrote hi undefined"}', 'done {}']);
  expect((await ask('fail'))[0]).toBe('error {"allow_retry":false,"text":"The bot encountered an unexpected issue."}');
  // A promise that is not awaited does not end the server.
  expect((await ask('forget'))[1]).toBe('done {}');
  await expect.poll(() => err).toContain('echo.mjs has thrown an error:\nError: forgotten');
  await expect.poll(() => requests.map(({body}) => body)).toEqual([expect.stringContaining('"Hello"')]);
  writeFileSync(pathOf('echo.mjs'), script('Now'));
  await expect.poll(async () => (await ask('hi').catch(() => []))[0]).toBe('text {"text":"Now hi undefined"}');
  writeFileSync(pathOf('echo.mjs'), 'export default {');
  await expect.poll(() => err).toContain('SyntaxError: Unexpected end of input');
  expect((await ask('hi'))[0]).toBe('text {"text":"Now hi undefined"}');
  child.kill('SIGINT');
  await once(child, 'close');
  expect(err).toMatch(
    /loading\n[^]*echo\.mjs has thrown an error:\nError: a secret\n[^]*echo\.mjs:1\nexport default \{/,
  );
  expect(err).not.toContain(accessKey);
});

test('scripts that cannot be served are refused with the reason', async () => {
  const {run, env, pathOf} = withScripts({
    'not.mjs': 'export const reply = 1;',
    'typed.ts': 'export default async () => "hi" as string;',
    'alone.mjs': "import 'poe-cli/bot'; export default async () => 'hi';",
    'good.mjs': "export default async () => 'hi';",
    'late.mjs': "export default async () => 'hi'; setImmediate(() => { throw new Error('later'); });",
  });
  const outcomes = await Promise.all([
    run('not.mjs', '--no-key'),
    run('alone.mjs', '--no-key'),
    run('late.mjs', '--no-key'),
    run('none.mjs', '--no-key'),
    run('not.mjs'),
    runProgram(['bot', 'serve', pathOf('good.mjs'), '--listen', 'nowhere.invalid'], {
      ...env,
      POE_ACCESS_KEY: accessKey,
    }),
    runProgram(['bot', 'serve', pathOf('not.mjs'), '--listen', '0.0.0.0'], {...env, POE_ACCESS_KEY: 'short'}),
  ]);
  expect(outcomes.map(({code, err}) => [String(code)].concat(err.trimEnd().split('\n').slice(-2)))).toEqual([
    ['2', 'poe: not.mjs: The script has no default export', expect.stringContaining('Export a bot: export default {')],
    [
      '2',
      expect.stringMatching(/^poe: Could not run alone\.mjs: Cannot find package 'poe-cli' imported from /),
      '     Run "npm install poe-cli" in the folder of the script.',
    ],
    ['2', expect.any(String), 'poe: late.mjs failed: later'],
    ['2', expect.stringMatching(/^poe: There is no file .*none\.mjs$/)],
    ['2', 'poe: POE_ACCESS_KEY is not set', expect.stringContaining('use --no-key')],
    ['2', expect.stringMatching(/^poe: Cannot listen: .*nowhere\.invalid$/)],
    ['2', 'poe: not.mjs: The script has no default export', expect.any(String)],
  ]);
  // Newer versions of Node run it.
  const runsTypeScript = Number(process.versions.node.split('.')[0]) >= 24;
  const typed = await run(runsTypeScript ? 'none.ts' : 'typed.ts', '--no-key');
  expect(typed.err).toContain(runsTypeScript ? 'There is no file' : 'cannot run TypeScript\n     Use Node.js 22.18');
});

test('with --sandbox, other commands ask the bot in a script', async () => {
  const {pathOf, env} = withScripts({
    'echo.mjs': 'export default async ({message}) => `You wrote: ${message.content}`;',
  });
  const words = ['bin/poe.js', 'bot', 'serve', pathOf('echo.mjs'), '--port', '0', '--sandbox', '--json'];
  const child = spawn(process.execPath, words, {env, stdio: ['ignore', 'pipe', 'inherit']});
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line]: Buffer[] = await once(child.stdout, 'data');
  const served: {env: Record<string, string>; bots: {handle: string}[]} = JSON.parse(String(line));
  const sent = await runMain(['send', '-b', served.bots[0]?.handle ?? '', 'Hi'], {env: {...env, ...served.env}});
  expect(sent).toMatchObject({code: 0, out: 'You wrote: Hi\n'});
});
