import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {expect, onTestFinished, test} from 'vitest';
import {countSends, operationsOf} from '../support/harness.js';
import {withProgram} from '../support/program.js';

const require = createRequire(import.meta.url);
const cancelled = 'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation';

test('the server answers the client of the SDK, whatever else writes to stdout', async () => {
  const {env} = await withProgram({pace: 0});
  // Writes half a line again and again, as soon as the server has taken stdout for itself.
  const stray = `const {write} = process.stdout;
    setInterval(() => process.stdout.write !== write && (console.log('stray'), process.stdout.write('half')), 5).unref();`;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--import', `data:text/javascript,${encodeURIComponent(stray)}`, 'bin/poe.js', 'mcp'],
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    stderr: 'pipe',
  });
  let err = '';
  transport.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const client = new Client({name: 'test', version: '1'});
  const problems: Error[] = [];
  client.onerror = (error) => void problems.push(error); // oxlint-disable-line unicorn/prefer-add-event-listener
  await client.connect(transport);
  onTestFinished(async () => client.close());
  for (const number of [2, 3]) {
    const {structuredContent} = await client.callTool({
      name: 'ask',
      arguments: {prompt: `${number}x2?`, bot: 'Sandbox-Sums'},
    });
    expect(structuredContent).toMatchObject({text: `${number} × 2 = ${2 * number}`});
  }
  await expect.poll(() => err).toContain('half');
  expect(problems).toEqual([]);
});

test.each(['its input ends', 'it gets SIGTERM'])('the server cancels its replies and exits when %s', async (how) => {
  const {env, sandbox} = await withProgram();
  sandbox.faults.holdAfter(4);
  const child = spawn(process.execPath, ['bin/poe.js', 'mcp'], {env, stdio: ['pipe', 'pipe', 'inherit']});
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  child.stdout.resume();
  const send = (message: object) => child.stdin.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
  const clientInfo = {name: 'test', version: '1'};
  send({id: 0, method: 'initialize', params: {protocolVersion: '2025-06-18', capabilities: {}, clientInfo}});
  send({method: 'notifications/initialized'});
  send({id: 1, method: 'tools/call', params: {name: 'ask', arguments: {prompt: 'hi', bot: 'Sandbox-Slow'}}});
  await expect.poll(() => countSends(sandbox)).toBe(1);
  if (how === 'it gets SIGTERM') child.kill('SIGTERM');
  else child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(operationsOf(sandbox)).toContain(cancelled);
});

test('the server exits when its input ends, although the client does not read its output', async () => {
  const {env} = await withProgram({pace: 0});
  const child = spawn(process.execPath, ['bin/poe.js', 'mcp'], {env, stdio: ['pipe', 'pipe', 'inherit']});
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  for (let id = 1; id <= 200; id++) {
    child.stdin.write(`${JSON.stringify({jsonrpc: '2.0', id, method: 'tools/list', params: {}})}\n`);
  }
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('MCP Inspector calls a tool', async () => {
  const {env} = await withProgram({pace: 0});
  const cli = require.resolve('@modelcontextprotocol/inspector-cli');
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const call = ['--method', 'tools/call', '--tool-name', 'ask', '--tool-arg', 'prompt=2x2?', 'bot=Sandbox-Sums'];
  const {stdout} = await promisify(execFile)(
    process.execPath,
    [cli, '--cli', ...variables, process.execPath, resolve('bin/poe.js'), 'mcp', ...call],
    // It looks for a package.json above the current folder, and fails if there is none.
    {env: {PATH: env.PATH, HOME: env.HOME}, cwd: 'src'},
  );
  expect(JSON.parse(stdout)).toMatchObject({content: [{type: 'text', text: '2 × 2 = 4'}, {}]});
});
