import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {builtIn} from '../../src/core/web/protocol/facts.js';
import {versionOf} from '../../src/core/web/protocol/operations.js';
import {tagId} from '../../src/core/web/protocol/tag.js';
import {siteFacts} from '../../src/sandbox/site/facts.js';
import {tagId as expectedTagId} from '../../src/sandbox/site/tag-id.js';
import {operationName, temporaryFolder, withSandbox} from '../support/harness.js';

/* Recorded requests of a browser and another client, with their signatures. */

interface Vector {
  name: string;
  body: string;
  formKey: string;
  md5: string;
}

const vectors: Vector[] = JSON.parse(readFileSync('test/fixtures/tag-vectors.json', 'utf8'));
const recorded = (name: string) => vectors.find((vector) => vector.name === name)?.body;

test('the tag id of each recorded request is right', () => {
  expect(vectors).toHaveLength(4);
  const {tag} = builtIn('2025-03');
  for (const {formKey, md5, body} of vectors) expect(tagId(body, formKey, tag)).toBe(md5);
});

describe.each([
  {
    site: '2026-08',
    queries: [
      '{"queryName":"HandleBotLandingPageQuery","variables":{"botHandle":"GPT-4o-Mini"},"extensions":{"hash":"0df006a8445388a1b668f9e1e2ccb1347d64bffc04fce4ba3d59e16d388bba8f"}}',
      '{"queryName":"settingsPageQuery","variables":{},"extensions":{"hash":"7ad44151c552ceef568fb790cf1e3c12c72540c0139a853c1b751fb8c89a4a22"}}',
    ],
    message:
      '{"queryName":"sendMessageMutation","variables":{"chatId":null,"bot":"Sandbox-Echo","query":"Grüße 👋 \\"q\\"\\n",' +
      '"source":{"sourceType":"chat_input","chatInputMetadata":{"useVoiceRecord":false}},"clientNonce":"NONCE",' +
      '"sdid":"DEVICE","attachments":[],"chatNonce":"NONCE","existingMessageAttachmentsIds":[],"shouldFetchChat":true,' +
      '"referencedMessageId":null,"parameters":null,"fileHashJwts":[],"isTemporary":false},' +
      '"extensions":{"hash":"5fabca615d673d8ed3f075ad35080e9658878e5d7779d2b8e7193f740e1d0e88"}}',
    attachments: [null, null],
  },
  {
    site: '2025-03',
    queries: [recorded('a query'), recorded('a query without variables')],
    message:
      '{"queryName":"SendMessageMutation","variables":{"chatId":null,"bot":"Sandbox-Echo","query":"Grüße 👋 \\"q\\"\\n",' +
      '"shouldFetchChat":true,"source":{"sourceType":"chat_input","chatInputMetadata":{"useVoiceRecord":false}},' +
      '"clientNonce":"NONCE","sdid":"","attachments":[],"existingMessageAttachmentsIds":[],"messagePointsDisplayPrice":2},' +
      '"extensions":{"hash":"f1486efc974a214dac6586c46b81bf631a95e58eab1d27b215f622859d74a23e"}}',
    attachments: ['file1', 'file2'],
  },
] as const)('on site version $site', ({site, queries, message, attachments}) => {
  async function connectToSandbox() {
    const {sandbox} = await withSandbox({site});
    const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
    onTestFinished(() => poe.close());
    return {poe, sandbox};
  }

  test('queries are sent byte for byte as recorded', async () => {
    const {poe, sandbox} = await connectToSandbox();
    await poe.bots.info('GPT-4o-Mini');
    await poe.account.settings();
    const bodies = sandbox.requests.flatMap(({method, body}) => (method === 'POST' ? [body] : []));
    expect(bodies).toEqual(queries);
  });

  test('a message has the site’s variables, in order, and its own nonce', async () => {
    const {poe, sandbox} = await connectToSandbox();
    const text = 'Grüße 👋 "q"\n';
    for (let turn = 0; turn < 2; turn++) await (await poe.send(text, {bot: 'sandbox-echo'})).result();
    const sends = sandbox.requests.filter(({queryName}) => queryName === operationName('sendMessage', site));
    const nonces = sends.map(({body}) => /"clientNonce":"([a-zA-Z0-9]{16})"/.exec(body)?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(
      sends[0]?.body
        .replaceAll(/Nonce":"[a-zA-Z0-9]{16}"/g, 'Nonce":"NONCE"')
        .replace(/"sdid":"[0-9a-f-]{36}"/, '"sdid":"DEVICE"'),
    ).toBe(message);
  });

  test('files are sent in the site’s upload format, with a length and a signature of the operation', async () => {
    const {run, sandbox} = await withSandbox({site});
    const file = join(temporaryFolder(), 'a "b".txt');
    writeFileSync(file, 'abc');
    const {out} = await run('send', '-b', 'Sandbox-Files', '-f', file, '-f', file, 'what?');
    expect(out).toContain('a "b".txt, text/plain, 3');
    const upload = sandbox.requests.find(({path}) => path === '/api/gql_upload_POST');
    const body = upload?.body ?? '';
    expect(upload?.headers['content-length']).toMatch(/^\d+$/);
    expect(upload?.headers['transfer-encoding']).toBeUndefined();
    expect(upload?.headers['poe-tag-id']).toBe(expectedTagId(body, sandbox.formKey, siteFacts[site].tagPositions));
    expect(upload?.variables).toMatchObject({attachments});
    const {name, hash} = versionOf('sendMessage', site);
    expect(JSON.parse(body)).toMatchObject({queryName: name, extensions: {hash}});
  });

  test('cookies are sent to the site, and not to other hosts or the socket', async () => {
    const {sandbox, run} = await withSandbox({site});
    await run('send', '-b', 'Sandbox-Count', 'hello');
    const siteHost = new URL(sandbox.url).host;
    expect(sandbox.requests.some(({host}) => host !== siteHost)).toBe(true);
    for (const {host, path, headers} of sandbox.requests) {
      const isSite = host === siteHost && !path.startsWith('/up/');
      expect({host, path, hasCookie: headers.cookie !== undefined}).toEqual({host, path, hasCookie: isSite});
    }
  });
});
