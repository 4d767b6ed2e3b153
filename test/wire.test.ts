import {readFileSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../src/index.js';
import {tagId} from '../src/core/web/tag.js';
import {withSandbox} from './harness.js';

interface Vector {
  name: string;
  body: string;
  formKey: string;
  md5: string;
}

const vectors: Vector[] = JSON.parse(readFileSync('test/fixtures/tag-vectors.json', 'utf8'));
const body = (name: string) => vectors.find((vector) => vector.name === name)?.body;

test('the tag id of each recorded request is the recorded one', () => {
  expect(vectors).toHaveLength(4);
  for (const {formKey, md5, ...vector} of vectors) expect(tagId(vector.body, formKey)).toBe(md5);
});

test('what is sent are the recorded bytes, to the letter', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url, formKey: sandbox.formKey});
  onTestFinished(() => poe.close());
  await poe.bots.info('GPT-4o-Mini');
  await poe.account.settings();
  expect(sandbox.requests.map((request) => request.body)).toEqual([body('a query'), body('a query without variables')]);
});

test('a send has the variables of the site, in their order, and a nonce of its own', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  for (const text of ['Grüße 👋 "q"\n', 'Grüße 👋 "q"\n']) await (await poe.send(text, {bot: 'sandbox-echo'})).whole();
  const sends = sandbox.requests.flatMap((request) =>
    request.queryName === 'SendMessageMutation' ? [request.body] : [],
  );
  const nonces = sends.map((sent) => /"clientNonce":"([a-zA-Z0-9]{16})"/.exec(sent)?.[1] ?? '');
  expect(new Set(nonces).size).toBe(2);
  const hash = 'f1486efc974a214dac6586c46b81bf631a95e58eab1d27b215f622859d74a23e';
  const source = '"source":{"sourceType":"chat_input","chatInputMetadata":{"useVoiceRecord":false}}';
  expect(sends[0]).toBe(
    `{"queryName":"SendMessageMutation","variables":{"chatId":null,"bot":"Sandbox-Echo","query":"Grüße 👋 \\"q\\"\\n",` +
      `"shouldFetchChat":true,${source},"clientNonce":"${nonces[0]}","sdid":"","attachments":[],` +
      `"existingMessageAttachmentsIds":[],"messagePointsDisplayPrice":2},"extensions":{"hash":"${hash}"}}`,
  );
});

test('cookies go to the site and to no other host, and the socket gets none', async () => {
  const {sandbox, run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'hello');
  const site = new URL(sandbox.url).host;
  expect(sandbox.requests.some(({host}) => host !== site)).toBe(true);
  for (const {host, path, headers} of sandbox.requests) {
    const isSite = host === site && !path.startsWith('/up/');
    expect({host, path, hasCookie: headers.cookie !== undefined}).toEqual({host, path, hasCookie: isSite});
  }
});
