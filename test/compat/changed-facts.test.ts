import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {swappedPositions} from '../../src/sandbox/site/tag-id.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/** Starts a sandbox whose facts are stored, because a message was sent. The functions report what happened since. */
async function withKnownSite(site: '2025-03' | '2026-08' = '2026-08') {
  const {run, sandbox} = await withSandbox({site});
  expect(await run('send', '-b', 'Sandbox-Echo', 'before')).toMatchObject({code: 0});
  const before = sandbox.requests.length;
  return {
    run,
    sandbox,
    requests: () => operationsOf({...sandbox, requests: sandbox.requests.slice(before)}),
    send: () => run('send', '-b', 'Sandbox-Echo', 'after'),
    /** The number of messages that the site accepted. */
    accepted: () =>
      sandbox.world.chats.flatMap(({messages}) => messages).filter(({text, bot}) => text === 'after' && bot === null)
        .length,
  };
}

const good = {code: 0, out: 'after\n', err: ''};
const pages = (operations: string[]) => operations.filter((name) => name === '/').length;
const sends = (operations: string[]) => operations.filter((name) => /^sendMessageMutation$/i.test(name)).length;

test.each(['2025-03', '2026-08'] as const)('a message whose hash changed needs one refresh (%s)', async (site) => {
  const {sandbox, send, requests, accepted} = await withKnownSite(site);
  sandbox.faults.rotateHash('sendMessage');
  expect(await send()).toEqual(good);
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 2, 1]);
  expect(await send()).toEqual(good);
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 3, 2]);
});

test.each(['2025-03', '2026-08'] as const)('a query whose hash changed needs one refresh (%s)', async (site) => {
  const {run, sandbox, requests} = await withKnownSite(site);
  sandbox.faults.rotateHash('settings');
  expect(await run('settings')).toMatchObject({code: 0, err: ''});
  expect(requests()).toEqual(['settingsPageQuery', '/', 'settingsPageQuery']);
});

test.each(['isTemporary', 'referencedMessageId'] as const)(
  'a message needs one refresh if the site dropped %s',
  async (name) => {
    const {sandbox, send, requests, accepted} = await withKnownSite();
    sandbox.faults.dropVariable(name);
    expect(await send()).toEqual(good);
    expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 2, 1]);
    expect(await send()).toEqual(good);
    expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 3, 2]);
  },
);

test('a subscription that changed needs one refresh', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.rotateSubscription('messageAdded');
  expect(await send()).toEqual(good);
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 1, 1]);
});

test('several facts that changed at once are found', async () => {
  const {sandbox, send, accepted} = await withKnownSite();
  sandbox.faults.rotateHash('botInfo');
  sandbox.faults.rotateHash('subscribe');
  sandbox.faults.rotateSubscription('messageAdded');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.permuteTag(swappedPositions(3, 30));
  sandbox.faults.rotateFormKey();
  const {code, out, err} = await send();
  expect({code, out, err, accepted: accepted()}).toEqual({...good, accepted: 1});
});

test('a tag id with other positions needs one refresh', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.permuteTag(swappedPositions(3, 30));
  expect(await send()).toEqual(good);
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 1, 1]);
});

test('a new form key needs one refresh', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.rotateFormKey();
  expect(await send()).toEqual(good);
  expect([pages(requests()), accepted()]).toEqual([1, 1]);
});

test.each([
  ['2025-03', 'file'],
  ['2025-03', 'head'],
  ['2026-08', 'file'],
  ['2026-08', 'head'],
] as const)('a form key whose script moved needs one refresh (%s, %s)', async (site, place) => {
  const {sandbox, send, requests, accepted} = await withKnownSite(site);
  sandbox.faults.moveKeyScript(place);
  expect(await send()).toEqual(good);
  expect([pages(requests()), accepted()]).toEqual([1, 1]);
  sandbox.faults.moveKeyScript('end');
  expect(await send()).toEqual(good);
  expect([pages(requests()), accepted()]).toEqual([2, 2]);
});

test.each(['2025-03', '2026-08'] as const)(
  'a hash in a chunk named only by the webpack runtime needs one refresh (%s)',
  async (site) => {
    const {sandbox, send, requests, accepted} = await withKnownSite(site);
    sandbox.faults.listChunksIn('runtime');
    sandbox.faults.rotateHash('sendMessage');
    expect(await send()).toEqual(good);
    expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 2, 1]);
  },
);

test('newly required headers need one refresh', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite('2025-03');
  for (const name of ['poe-queryname', 'poegraphql', 'poe-revision']) sandbox.faults.requireHeader(name);
  expect(await send()).toEqual(good);
  expect([pages(requests()), accepted()]).toEqual([1, 1]);
});

test('functions with other names are found without a refresh', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.renameFunctions();
  sandbox.faults.permuteTag(swappedPositions(1, 2));
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
  expect(pages(operationsOf(sandbox))).toBe(1);
});

test('a field that the site no longer sends is not needed', async () => {
  const {sandbox, send} = await withKnownSite('2025-03');
  sandbox.faults.dropField('lastInteractionTime');
  expect(await send()).toEqual(good);
});

test.each([
  ['2025-03', 'operations'],
  ['2026-08', 'queryInfo'],
  ['2026-08', 'finish'],
] as const)('files are sent in another upload format if the site changed it (%s, %s)', async (site, format) => {
  const {run, sandbox} = await withKnownSite(site);
  sandbox.faults.setUploadMethod(format);
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'abc');
  const {code, out, err} = await run('send', '-b', 'Sandbox-Files', 'after', '-f', file);
  expect({code, out, err}).toMatchObject({code: 0, out: expect.stringContaining('a.txt, text/plain, 3'), err: ''});
  expect(sandbox.world.uploads).toHaveLength(1);
});

test('a given form key is used on site version 2026-08, and the other facts are found', async () => {
  const {runWith, sandbox} = await withSandbox({site: '2026-08'});
  const env = {POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
});

test('a given form key is enough on site version 2026-08 if its page cannot be read', async () => {
  const {runWith, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.respondAlways({path: '/'}, 'cloudflare');
  const env = {POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
});

test('if the site rejects a message but its page is unchanged, the error names operation and facts', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'empty-400');
  const {code, err} = await send();
  expect(code).toBe(4);
  expect(err).toContain('unchanged on the site: the form key, tag and headers of sendMessageMutation');
  expect(err).toContain('poe doctor');
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 1, 0]);
});

test('on the first request to a site, the channel is requested while the scripts of the page are read', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  // The first request for a script fails.
  sandbox.faults.respondOnce({path: '/assets/*'}, {status: 503});
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
  const requested = sandbox.requests.map(({path}) => path);
  expect(requested.indexOf('/api/settings')).toBeLessThan(
    requested.findLastIndex((path) => path.startsWith('/assets/')),
  );
  expect(requested.filter((path) => path === '/api/settings')).toHaveLength(1);
});

test('an error names a fact that cannot be found, and the message is not accepted', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.hideHash('sendMessage');
  const {code, err} = await send();
  expect(code).toBe(1);
  expect(err).toContain('after refreshing the hash of sendMessageMutation');
  expect(err).toContain('poe doctor');
  expect([sends(requests()), accepted()]).toEqual([2, 0]);
});

test('a chat that does not exist causes at most one refresh', async () => {
  const {sandbox, run, requests} = await withKnownSite();
  for (let turn = 0; turn < 2; turn++) {
    expect(await run('send', '-c', '999999', 'after')).not.toMatchObject({code: 0});
  }
  expect(pages(requests())).toBeLessThan(2);
  expect(sandbox.world.chats.flatMap(({messages}) => messages).map(({text}) => text)).not.toContain('after');
});

test('a lack of points is reported with the reply', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.world.spend(sandbox.world.viewer.points);
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toMatchObject({
    code: 5,
    err: expect.stringContaining('points'),
  });
});

test('after a server error a message is sent again if its hash has changed', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'server-error');
  expect(await send()).toEqual(good);
  expect([pages(requests()), sends(requests()), accepted()]).toEqual([1, 2, 1]);
});

test('after a server error a message is not sent again if the site is unchanged', async () => {
  const {sandbox, send, requests, accepted} = await withKnownSite();
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'server-error');
  expect(await send()).toMatchObject({code: 1, err: expect.stringContaining('sendMessageMutation')});
  expect([sends(requests()), accepted()]).toEqual([1, 0]);
});

test('an error names an upload format that was rejected twice, and nothing is sent', async () => {
  const {run, sandbox} = await withKnownSite();
  sandbox.faults.respondAlways({path: '/api/gql_upload_POST'}, 'empty-400');
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'abc');
  const {code, err} = await run('send', '-b', 'Sandbox-Files', 'after', '-f', file);
  expect({code, err}).toEqual({
    code: 1,
    err: expect.stringMatching(/rejected the upload of files \(HTTP 400\).*the upload format of sendMessageMutation/),
  });
  expect(sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST')).toHaveLength(2);
});
