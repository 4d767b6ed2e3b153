import {readFileSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {builtIn} from '../../src/core/web/protocol/facts.js';
import {tagId} from '../../src/core/web/protocol/tag.js';
import {bySite, nameOf, withSandbox} from '../support/harness.js';

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
  const {tag} = builtIn('2025-03');
  for (const {formKey, md5, ...vector} of vectors) expect(tagId(vector.body, formKey, tag)).toBe(md5);
});

test('what is sent are the recorded bytes, to the letter', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  await poe.bots.info('GPT-4o-Mini');
  await poe.account.settings();
  const bodies = sandbox.requests.flatMap((request) => (request.method === 'POST' ? [request.body] : []));
  expect(bodies).toEqual(
    bySite({
      '2025-03': [body('a query'), body('a query without variables')],
      '2026-08': [
        '{"queryName":"HandleBotLandingPageQuery","variables":{"botHandle":"GPT-4o-Mini"},"extensions":{"hash":"0df006a8445388a1b668f9e1e2ccb1347d64bffc04fce4ba3d59e16d388bba8f"}}',
        '{"queryName":"settingsPageQuery","variables":{},"extensions":{"hash":"7ad44151c552ceef568fb790cf1e3c12c72540c0139a853c1b751fb8c89a4a22"}}',
      ],
    }),
  );
});

test('a send has the variables of the site, in their order, and a nonce of its own', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  for (const text of ['Grüße 👋 "q"\n', 'Grüße 👋 "q"\n']) await (await poe.send(text, {bot: 'sandbox-echo'})).result();
  const sends = sandbox.requests.flatMap((request) =>
    request.queryName === nameOf('sendMessage') ? [request.body] : [],
  );
  const nonces = sends.map((sent) => /"clientNonce":"([a-zA-Z0-9]{16})"/.exec(sent)?.[1] ?? '');
  expect(new Set(nonces).size).toBe(2);
  const [, chatNonce] = /"chatNonce":"([a-zA-Z0-9]{16})"/.exec(sends[0] ?? '') ?? [];
  const [, device] = /"sdid":"([0-9a-f-]{36})"/.exec(sends[0] ?? '') ?? [];
  const source = '"source":{"sourceType":"chat_input","chatInputMetadata":{"useVoiceRecord":false}}';
  const start = `"variables":{"chatId":null,"bot":"Sandbox-Echo","query":"Grüße 👋 \\"q\\"\\n",`;
  expect(sends[0]).toBe(
    bySite({
      '2025-03':
        `{"queryName":"SendMessageMutation",${start}"shouldFetchChat":true,${source},"clientNonce":"${nonces[0]}",` +
        `"sdid":"","attachments":[],"existingMessageAttachmentsIds":[],"messagePointsDisplayPrice":2},` +
        `"extensions":{"hash":"f1486efc974a214dac6586c46b81bf631a95e58eab1d27b215f622859d74a23e"}}`,
      '2026-08':
        `{"queryName":"sendMessageMutation",${start}${source},"clientNonce":"${nonces[0]}","sdid":"${device}",` +
        `"attachments":[],"chatNonce":"${chatNonce}","existingMessageAttachmentsIds":[],"shouldFetchChat":true,` +
        `"referencedMessageId":null,"parameters":null,"fileHashJwts":[],"isTemporary":false},` +
        `"extensions":{"hash":"5fabca615d673d8ed3f075ad35080e9658878e5d7779d2b8e7193f740e1d0e88"}}`,
    }),
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
