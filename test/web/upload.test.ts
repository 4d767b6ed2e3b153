import {once} from 'node:events';
import {truncateSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {WebClient} from '../../src/core/web/client.js';
import {SiteConnection} from '../../src/core/web/session/site-connection.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';
import {scriptedSite} from '../support/servers/scripted-site.js';
import {variedSite} from '../support/servers/site-variations.js';
import {seconds} from '../support/patience.js';

/* Uploads of files. */

test('a rejected form key is refreshed once, and the upload repeated', async () => {
  const {sandbox} = await withSandbox();
  const {tokens, url: baseUrl} = sandbox;
  const connection = new SiteConnection({tokens, baseUrl, timeoutMs: 120_000, log: () => {}});
  const poe = new WebClient({connection, tokens});
  onTestFinished(() => poe.close());
  await poe.account.setDefaultBot('Sandbox-Files');
  await (await poe.send('hello')).result();
  // The last request before the upload downloads this file.
  const server = createServer((_, response) => {
    sandbox.faults.rotateFormKey();
    response.end(Buffer.alloc(500_000, 1));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const reply = await poe.send('what?', {files: [`http://127.0.0.1:${port}/a.bin`]});
  expect((await reply.result()).text).toContain('500000');
  const uploads = sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST');
  expect(uploads.map(({status}) => status)).toEqual([400, 200]);
});

test('an upload whose connection is lost after its end is not repeated', async () => {
  const {run, sandbox} = await withSandbox();
  const file = join(temporaryFolder(), 'a.bin');
  writeFileSync(file, Buffer.alloc(500_000, 1));
  sandbox.faults.respondAlways({path: '/api/gql_upload_POST'}, 'drop');
  const {code, out} = await run('send', '--timeout', seconds(2), '-b', 'Sandbox-Files', '-f', file, 'what?');
  expect({code, out}).toEqual({code: 7, out: ''});
  expect(sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST')).toHaveLength(1);
});

test('a slow upload is not a timeout as long as bytes are accepted; a stalled one is', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  // The kernel buffers up to 40 MB, so the idle timeout starts only after that.
  truncateSync(file, 150_000_000);
  for (const [stalls, code] of [
    [false, 0],
    [true, 6],
  ] as const) {
    const {run} = await scriptedSite({
      answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
      upload: async (request) => {
        let received = 0;
        for await (const chunk of request as AsyncIterable<Buffer>) {
          received += chunk.length;
          if (stalls && received > 1_000_000) await new Promise(() => {});
          // Longer than the timeout in total, but without a pause of that length.
          const isSlow = received < 90_000_000 && received % 10_000_000 < chunk.length;
          if (isSlow) await new Promise((resolve) => setTimeout(resolve, 250));
        }
        return {
          messageEdgeCreate: {
            status: 'success',
            message: {node: {messageId: 11, text: 'q', state: 'complete'}},
            chat: {chatId: 77},
            botMessage: {node: {messageId: 12, text: String(received > 150_000_000), state: 'complete'}},
          },
        };
      },
    });
    const outcome = await run('send', '-b', 'capy', '--timeout', seconds(1.5), '-f', file, 'q');
    expect({stalls, code: outcome.code}).toEqual({stalls, code});
    if (!stalls) expect(outcome.out).toBe('true\n');
  }
});

test('a response that arrives before the upload is complete is read', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  truncateSync(file, 40_000_000);
  const {run} = await scriptedSite({
    answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
    upload: async () => ({messageEdgeCreate: {status: 'file_too_large', statusMessage: 'No more than 1 MB'}}),
  });
  const {code, out, err} = await run('send', '-b', 'capy', '-f', file, '--timeout', '5', 'q');
  expect({code, out}).toEqual({code: 5, out: ''});
  expect(err).toContain('No more than 1 MB');
});

test('Ctrl-C during an upload exits at once, without cancelling anything on Poe', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  truncateSync(file, 40_000_000);
  const stop = new AbortController();
  const {runWith, operations} = await scriptedSite({
    answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
    async upload(request) {
      request.once('data', () => stop.abort());
      return new Promise(() => {});
    },
  });
  const outcome = await runWith({signal: stop.signal}, 'send', '-b', 'capy', '-f', file, 'q');
  expect(outcome).toEqual({code: 130, out: '', err: ''});
  expect(operations.map(({queryName}) => queryName)).not.toContain(
    'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation',
  );
});

describe('files that are uploaded before their message', () => {
  const file = 'package.json';
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJoYXNoIjoiMSJ9.c2lnbmF0dXJl';

  test('are sent as the page of the site does', async (context) => {
    const headers: NodeJS.Dict<string | string[]>[] = [];
    let form = '';
    const {run, operations} = await variedSite(context, {
      receiveFile(request, body) {
        headers.push(request.headers);
        form = body;
        return [200, jwt];
      },
    });
    expect((await run('send', '-q', '-b', 'wordy', '-f', file, 'one')).code).toBe(0);
    expect(headers).toMatchObject([
      {
        'poe-formkey': '1d91fd9da716cc0b055c7d54648fc194',
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        priority: 'u=1, i',
        'sec-fetch-dest': 'empty',
        'sec-fetch-mode': 'cors',
        'sec-fetch-site': 'same-origin',
        'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/),
      },
    ]);
    expect(headers[0]).not.toHaveProperty('poe-tag-id');
    expect(form.match(/Content-Disposition: .*/g)).toEqual([
      expect.stringMatching(/^Content-Disposition: form-data; name="file"; filename="package\.json"\s*$/),
    ]);
    const send = operations.find(({name}) => name === 'sendMessageMutation');
    expect(send?.variables).toMatchObject({attachments: ['file0'], fileHashJwts: [jwt]});
  });

  test.for([
    ['under a known name', JSON.stringify({url: 'https://pfst.cf2.poecdn.net/x.y.z', file_hash_jwt: jwt})],
    ['nested in the response', JSON.stringify({data: {host: 'a.b.example', result: {token: jwt}}})],
    ['within other text', `ok at files.poe.example: ${jwt}`],
    ['in quotes', JSON.stringify(jwt)],
  ] as const)('have their token found %s', async ([, text], context) => {
    const {run, operations} = await variedSite(context, {receiveFile: () => [200, text]});
    expect((await run('send', '-q', '-b', 'wordy', '-f', file, 'one')).code).toBe(0);
    expect(operations.find(({name}) => name === 'sendMessageMutation')?.variables.fileHashJwts).toEqual([jwt]);
  });

  test.for([
    ['an object without a token', '{"ok":true}', 1, 'accepted the file package.json but returned no token'],
    ['a reason', '{"success":false,"message":"too big"}', 1, 'Poe refused finish_upload_POST: "too big"'],
    ['a web page', '<html></html>', 6, 'returned a web page instead of data for finish_upload_POST'],
  ] as const)('are not followed by the message if Poe returns %s', async ([, text, code, error], context) => {
    const {run, operations} = await variedSite(context, {receiveFile: () => [200, text]});
    const outcome = await run('send', '-q', '-b', 'wordy', '-f', file, 'one');
    expect(outcome).toEqual({code, out: '', err: expect.stringContaining(error)});
    expect(operations.map(({name}) => name)).not.toContain('sendMessageMutation');
  });

  test('are not followed by the message if Poe rejects the form key', async (context) => {
    const {run, operations} = await variedSite(context, {
      receiveFile: () => [400, '{"success":false,"message":"Bad Request"}'],
    });
    expect(await run('send', '-q', '-b', 'wordy', '-f', file, 'one')).toMatchObject({
      code: 4,
      err: expect.stringContaining('the form key or the cookies are not valid'),
    });
    expect(operations.map(({name}) => name)).not.toContain('sendMessageMutation');
  });
});
