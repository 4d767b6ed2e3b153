import {truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {WebClient} from '../../src/core/web/client.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';
import {otherSite} from '../support/other-site.js';
import {strangeSite} from '../support/site-variations.js';

/* Files on their way to Poe. */

test('a form key that was refused is refreshed once, and the form is made afresh', async () => {
  const {sandbox} = await withSandbox();
  const {tokens, url: baseUrl} = sandbox;
  const poe = new WebClient({tokens, baseUrl, timeoutMs: 120_000, log: () => {}});
  onTestFinished(() => poe.close());
  await (await poe.send('hello', {bot: 'Sandbox-Files'})).result();
  const bot = await poe.bots.info('Sandbox-Files');
  const file = join(temporaryFolder(), 'a.bin');
  writeFileSync(file, Buffer.alloc(500_000, 1));
  sandbox.faults.rotateFormKey();
  const reply = await poe.messages.send('what?', bot, {files: [file]});
  expect((await reply.result()).text).toContain('500000');
  const tries = sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST');
  expect(tries.map(({status}) => status)).toEqual([400, 200]);
});

test('an upload whose connection breaks is told, and not sent again', async () => {
  const {run, sandbox} = await withSandbox();
  const file = join(temporaryFolder(), 'a.bin');
  writeFileSync(file, Buffer.alloc(500_000, 1));
  sandbox.faults.respondAlways({path: '/api/gql_upload_POST'}, 'drop');
  const {code, out} = await run('send', '-b', 'Sandbox-Files', '-f', file, 'what?');
  expect({code, out}).toEqual({code: 6, out: ''});
  expect(sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST')).toHaveLength(1);
});

test('a slow upload goes on as long as bytes are taken; one that stalls ends', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  // The kernel takes up to forty million bytes for a server that reads none: what counts as silence begins only after those.
  truncateSync(file, 150_000_000);
  for (const [stalls, code] of [
    [false, 0],
    [true, 6],
  ] as const) {
    const {run} = await otherSite({
      answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
      upload: async (request) => {
        let taken = 0;
        for await (const chunk of request as AsyncIterable<Buffer>) {
          taken += chunk.length;
          if (stalls && taken > 1_000_000) await new Promise(() => {});
          // Slower in all than the silence that is allowed, but never silent for so long.
          const isSlow = taken < 90_000_000 && taken % 10_000_000 < chunk.length;
          if (isSlow) await new Promise((resolve) => setTimeout(resolve, 500));
        }
        return {
          messageEdgeCreate: {
            status: 'success',
            message: {node: {messageId: 11, text: 'q', state: 'complete'}},
            chat: {chatId: 77},
            botMessage: {node: {messageId: 12, text: String(taken > 150_000_000), state: 'complete'}},
          },
        };
      },
    });
    const outcome = await run('send', '-b', 'capy', '--timeout', '3', '-f', file, 'q');
    expect({stalls, code: outcome.code}).toEqual({stalls, code});
    if (!stalls) expect(outcome.out).toBe('true\n');
  }
});

test('an answer that comes before all bytes have left is heard', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  truncateSync(file, 40_000_000);
  const {run} = await otherSite({
    answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
    upload: async () => ({messageEdgeCreate: {status: 'file_too_large', statusMessage: 'No more than 1 MB'}}),
  });
  const {code, out, err} = await run('send', '-b', 'capy', '-f', file, '--timeout', '5', 'q');
  expect({code, out}).toEqual({code: 5, out: ''});
  expect(err).toContain('No more than 1 MB');
});

test('Ctrl-C while files are on their way ends at once, and there is nothing to cancel', async () => {
  const file = join(temporaryFolder(), 'big.bin');
  writeFileSync(file, '');
  truncateSync(file, 40_000_000);
  const stop = new AbortController();
  const {runWith, asked} = await otherSite({
    answer: ({queryName}) => (queryName === 'HandleBotLandingPageQuery' ? {bot: {botId: 9, handle: 'Capy'}} : null),
    async upload(request) {
      request.once('data', () => stop.abort());
      return new Promise(() => {});
    },
  });
  const outcome = await runWith({signal: stop.signal}, 'send', '-b', 'capy', '-f', file, 'q');
  expect(outcome).toEqual({code: 130, out: '', err: ''});
  expect(asked.map(({queryName}) => queryName)).not.toContain('cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation');
});

describe('files that go ahead of their message', () => {
  const file = 'package.json';
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJoYXNoIjoiMSJ9.c2lnbmF0dXJl';

  test('go as the site’s own page sends them', async (context) => {
    const headers: NodeJS.Dict<string | string[]>[] = [];
    let form = '';
    const {run, asked} = await strangeSite(context, {
      takesFile(request, body) {
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
    const send = asked.find(({name}) => name === 'sendMessageMutation');
    expect(send?.variables).toMatchObject({attachments: ['file0'], fileHashJwts: [jwt]});
  });

  test.for([
    ['under a name', JSON.stringify({url: 'https://pfst.cf2.poecdn.net/x.y.z', file_hash_jwt: jwt})],
    ['deep in an answer', JSON.stringify({data: {host: 'a.b.example', result: {token: jwt}}})],
    ['among other words', `ok at files.poe.example: ${jwt}`],
    ['in quotes', JSON.stringify(jwt)],
  ] as const)('what Poe gives for one is found %s', async ([, text], context) => {
    const {run, asked} = await strangeSite(context, {takesFile: () => [200, text]});
    expect((await run('send', '-q', '-b', 'wordy', '-f', file, 'one')).code).toBe(0);
    expect(asked.find(({name}) => name === 'sendMessageMutation')?.variables.fileHashJwts).toEqual([jwt]);
  });

  test('where Poe refuses the key that they go with, that is told, and nothing is sent', async (context) => {
    const {run, asked} = await strangeSite(context, {
      takesFile: () => [400, '{"success":false,"message":"Bad Request"}'],
    });
    expect(await run('send', '-q', '-b', 'wordy', '-f', file, 'one')).toMatchObject({
      code: 4,
      err: expect.stringContaining('the form key or the cookies are not valid'),
    });
    expect(asked.map(({name}) => name)).not.toContain('sendMessageMutation');
  });
});
