import {execFile} from 'node:child_process';
import {truncateSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {build} from 'rolldown';
import {expect, onTestFinished, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

test('a reply that is read late survives garbage collection', async () => {
  const {sandbox} = await withKey();
  // Node cancels the body of a response that is garbage collected.
  const program = `
    const {connectWithKey} = await import('poe-cli');
    const poe = await connectWithKey({apiKey: ${JSON.stringify(sandbox.apiKey)}, apiUrl: ${JSON.stringify(sandbox.apiUrl)}});
    for (const protocol of ['openai', 'native']) {
      const reply = await poe.send('count to 3', {bot: 'Sandbox-Count', protocol});
      for (let round = 0; round < 5; round++) {
        globalThis.gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      console.log((await reply.result()).text);
    }`;
  const args = ['--expose-gc', '--input-type=module', '-e', program];
  const {stdout} = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe('1 2 3\n1 2 3\n');
});

test('a file of 300 MB is uploaded without loading it into memory', async () => {
  const file = join(temporaryFolder(), 'huge.bin');
  writeFileSync(file, '');
  truncateSync(file, 300_000_000);
  let received = 0;
  const server = createServer((request: IncomingMessage, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.length));
    request.on('end', () => {
      const path = request.url ?? '';
      const channel = {minSeq: 1, channel: 'c', channelHash: 'h', boxName: 'b', baseHost: `localhost:${port}`};
      if (path === '/api/settings') response.end(JSON.stringify({tchannelData: channel}));
      else if (path.includes('upload')) response.end('{"data":{"messageEdgeCreate":{"status":"reached_limit"}}}');
      else response.end('{"data":{"autoSubscribe":{},"bot":{"botId":1,"handle":"Capy"}}}');
    });
  });
  const {WebSocketServer} = await import('ws');
  const live = new WebSocketServer({server});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  onTestFinished(() => {
    live.close();
    server.closeAllConnections();
    server.close();
  });
  const program = `
    import {connect} from 'poe-cli';
    const poe = await connect({pB: 'b', pLat: 'l', formKey: '${'a'.repeat(32)}', baseUrl: 'http://127.0.0.1:${port}'});
    const before = process.resourceUsage().maxRSS;
    const error = await poe.send('what?', {bot: 'capy', files: process.argv.slice(1)}).catch((error) => error);
    console.log(JSON.stringify({code: error.code, grownKiB: process.resourceUsage().maxRSS - before}));
    poe.close();
  `;
  const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, file]);
  const {code, grownKiB} = JSON.parse(stdout);
  expect(code).toBe('out_of_points');
  expect(received).toBeGreaterThan(300_000_000);
  expect(grownKiB / 1024).toBeLessThan(100);
});

test('Node warns of nothing while many replies share a signal', async () => {
  const {sandbox} = await withKey();
  const {apiKey, apiUrl, tokens, url} = sandbox;
  const program = `
    import {connect, connectWithKey} from 'poe-cli';
    const session = await connect({...${JSON.stringify(tokens)}, baseUrl: ${JSON.stringify(url)}});
    const key = await connectWithKey(${JSON.stringify({apiKey, apiUrl})});
    const {signal} = new AbortController();
    for (const poe of [session, key]) {
      for (const options of [{}, {signal}]) {
        const send = async () => (await poe.send('count to 3', {bot: 'Sandbox-Count', ...options})).result();
        const replies = await Promise.all(Array.from({length: 15}, send));
        console.log(replies.filter(({text}) => text === '1 2 3').length);
      }
      poe.close();
    }`;
  const args = ['--trace-warnings', '--input-type=module', '-e', program];
  expect(await promisify(execFile)(process.execPath, args)).toEqual({stdout: '15\n15\n15\n15\n', stderr: ''});
});

test('a program ends after close, and a later message fails', async () => {
  const {sandbox} = await withKey();
  const {apiKey, apiUrl, tokens, url} = sandbox;
  const program = `
    import {connect, connectWithKey} from 'poe-cli';
    const session = await connect({...${JSON.stringify(tokens)}, baseUrl: ${JSON.stringify(url)}});
    const key = await connectWithKey(${JSON.stringify({apiKey, apiUrl})});
    for (const poe of [session, key]) {
      const reply = await poe.send('hello', {bot: 'Sandbox-Slow'});
      for await (const event of reply) break;
      poe.close();
      const error = await poe.send('hello', {bot: 'Sandbox-Count'}).catch((error) => error);
      console.log(error.code, error.message);
    }`;
  const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout).toBe('usage The client is closed\nusage The client is closed\n');
});

test.each(['esm', 'cjs'] as const)(
  'a program that is bundled with the library works without other files: %s',
  async (format) => {
    const folder = temporaryFolder();
    const library = (name: string) => JSON.stringify(join(process.cwd(), 'dist/lib', name));
    const program = join(folder, 'program.js');
    writeFileSync(
      program,
      `import {connect} from ${library('index.js')};
    import {startSandbox} from ${library('sandbox.js')};
    async function main() {
      const sandbox = await startSandbox();
      const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
      const files = [{name: 'a.txt', content: [Buffer.from('a')]}];
      console.log((await (await poe.send('2x2?', {bot: 'gemini-2.0-flash', files})).result()).text);
      poe.close();
      await sandbox.close();
    }
    void main();`,
    );
    await build({
      input: program,
      platform: 'node',
      external: ['libsql'],
      // esbuild and others leave it undefined in CommonJS. Elsewhere it is the URL of the bundle.
      transform: {define: format === 'cjs' ? {'import.meta.url': 'undefined'} : {}},
      output: {dir: join(folder, 'bundle'), format, entryFileNames: `program.${format === 'esm' ? 'mjs' : 'cjs'}`},
    });
    const {stdout} = await promisify(execFile)(process.execPath, [
      join(folder, 'bundle', `program.${format === 'esm' ? 'mjs' : 'cjs'}`),
    ]);
    expect(stdout).toBe('2 × 2 = 4\n');
  },
);
