import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {swappedPositions} from '../../src/sandbox/site/tag-id.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

/** A sandbox of which everything is known, for a message was sent; and what happened since. */
async function known(site: '2025-03' | '2026-08' = '2026-08') {
  const {run, sandbox} = await withSandbox({site});
  expect(await run('send', '-b', 'Sandbox-Echo', 'before')).toMatchObject({code: 0});
  const before = sandbox.requests.length;
  return {
    run,
    sandbox,
    asked: () => operationsOf({...sandbox, requests: sandbox.requests.slice(before)}),
    send: () => run('send', '-b', 'Sandbox-Echo', 'after'),
    /** How many messages the site took. */
    taken: () =>
      sandbox.world.chats.flatMap(({messages}) => messages).filter(({text, bot}) => text === 'after' && bot === null)
        .length,
  };
}

const good = {code: 0, out: 'after\n', err: ''};
const pages = (asked: string[]) => asked.filter((name) => name === '/').length;
const sends = (asked: string[]) => asked.filter((name) => /^sendMessageMutation$/i.test(name)).length;

test.each(['2025-03', '2026-08'] as const)('a message with another hash costs one more round (%s)', async (site) => {
  const {sandbox, send, asked, taken} = await known(site);
  sandbox.faults.rotateHash('sendMessage');
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 2, 1]);
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 3, 2]);
});

test.each(['2025-03', '2026-08'] as const)('so does a query (%s)', async (site) => {
  const {run, sandbox, asked} = await known(site);
  sandbox.faults.rotateHash('settings');
  expect(await run('settings')).toMatchObject({code: 0, err: ''});
  expect(asked()).toEqual(['settingsPageQuery', '/', 'settingsPageQuery']);
});

test.each(['isTemporary', 'referencedMessageId'] as const)('so does a message that no longer has %s', async (name) => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.dropVariable(name);
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 2, 1]);
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 3, 2]);
});

test('so does a subscription', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.rotateSubscription('messageAdded');
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 1, 1]);
});

test('several facts that changed at once are all found', async () => {
  const {sandbox, send, taken} = await known();
  sandbox.faults.rotateHash('botInfo');
  sandbox.faults.rotateHash('subscribe');
  sandbox.faults.rotateSubscription('messageAdded');
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.permuteTag(swappedPositions(3, 30));
  sandbox.faults.rotateFormKey();
  const {code, out, err} = await send();
  expect({code, out, err, taken: taken()}).toEqual({...good, taken: 1});
});

test('so does a tag id whose characters stand elsewhere', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.permuteTag(swappedPositions(3, 30));
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 1, 1]);
});

test('so does another form key', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.rotateFormKey();
  expect(await send()).toEqual(good);
  expect([pages(asked()), taken()]).toEqual([1, 1]);
});

test.each([
  ['2025-03', 'file'],
  ['2025-03', 'head'],
  ['2026-08', 'file'],
  ['2026-08', 'head'],
] as const)('so does a form key whose script stands elsewhere (%s, %s)', async (site, place) => {
  const {sandbox, send, asked, taken} = await known(site);
  sandbox.faults.moveKeyScript(place);
  expect(await send()).toEqual(good);
  expect([pages(asked()), taken()]).toEqual([1, 1]);
  sandbox.faults.moveKeyScript('end');
  expect(await send()).toEqual(good);
  expect([pages(asked()), taken()]).toEqual([2, 2]);
});

test.each(['2025-03', '2026-08'] as const)(
  'so does a hash in a chunk that only the webpack runtime names (%s)',
  async (site) => {
    const {sandbox, send, asked, taken} = await known(site);
    sandbox.faults.listChunksIn('runtime');
    sandbox.faults.rotateHash('sendMessage');
    expect(await send()).toEqual(good);
    expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 2, 1]);
  },
);

test('so do headers that were not asked for before', async () => {
  const {sandbox, send, asked, taken} = await known('2025-03');
  for (const name of ['poe-queryname', 'poegraphql', 'poe-revision']) sandbox.faults.requireHeader(name);
  expect(await send()).toEqual(good);
  expect([pages(asked()), taken()]).toEqual([1, 1]);
});

test('functions of other names are found without a further round', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.renameFunctions();
  sandbox.faults.permuteTag(swappedPositions(1, 2));
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
  expect(pages(operationsOf(sandbox))).toBe(1);
});

test('a field that is gone is not missed', async () => {
  const {sandbox, send} = await known('2025-03');
  sandbox.faults.dropField('lastInteractionTime');
  expect(await send()).toEqual(good);
});

test.each([
  ['2025-03', 'operations'],
  ['2026-08', 'queryInfo'],
  ['2026-08', 'finish'],
] as const)('files go in another way than before (%s, %s)', async (site, way) => {
  const {run, sandbox} = await known(site);
  sandbox.faults.setUploadMethod(way);
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'abc');
  const {code, out, err} = await run('send', '-b', 'Sandbox-Files', 'after', '-f', file);
  expect({code, out, err}).toMatchObject({code: 0, out: expect.stringContaining('a.txt, text/plain, 3'), err: ''});
  expect(sandbox.world.uploads).toHaveLength(1);
});

test('a key that was given is used on the newer site too, and what else it wants is found', async () => {
  const {runWith, sandbox} = await withSandbox({site: '2026-08'});
  const env = {POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
});

test('a key that was given serves on the newer site though its page cannot be read', async () => {
  const {runWith, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.faults.respondAlways({path: '/'}, 'cloudflare');
  const env = {POE_FORMKEY: sandbox.formKey};
  expect(await runWith({env}, 'send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
});

test('a site whose page is as it was, and that refuses all the same, is told of with the operation and the fact', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'empty-400');
  const {code, err} = await send();
  expect(code).toBe(4);
  expect(err).toContain('unchanged on the site: the form key, tag and headers of sendMessageMutation');
  expect(err).toContain('poe doctor');
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 1, 0]);
});

test('on the first way to a site the channel is asked for while the scripts of its page are read', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  // The scripts come at the second try only.
  sandbox.faults.respondOnce({path: '/assets/*'}, {status: 503});
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toEqual(good);
  const asked = sandbox.requests.map(({path}) => path);
  expect(asked.indexOf('/api/settings')).toBeLessThan(asked.findLastIndex((path) => path.startsWith('/assets/')));
  expect(asked.filter((path) => path === '/api/settings')).toHaveLength(1);
});

test('a fact that cannot be found is named, and nothing is sent twice', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.hideHash('sendMessage');
  const {code, err} = await send();
  expect(code).toBe(1);
  expect(err).toContain('after refreshing the hash of sendMessageMutation');
  expect(err).toContain('poe doctor');
  expect([sends(asked()), taken()]).toEqual([2, 0]);
});

test('what does not exist is looked for anew once, and then only refused', async () => {
  const {sandbox, run, asked} = await known();
  for (let turn = 0; turn < 2; turn++) {
    expect(await run('send', '-c', '999999', 'after')).not.toMatchObject({code: 0});
  }
  expect(pages(asked())).toBeLessThan(2);
  expect(sandbox.world.chats.flatMap(({messages}) => messages).map(({text}) => text)).not.toContain('after');
});

test('points that do not suffice are told by the reply', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  sandbox.world.spend(sandbox.world.viewer.points);
  expect(await run('send', '-b', 'Sandbox-Echo', 'after')).toMatchObject({
    code: 5,
    err: expect.stringContaining('points'),
  });
});

test('a message that the site could not take is sent again where its hash has really changed', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.rotateHash('sendMessage');
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'server-error');
  expect(await send()).toEqual(good);
  expect([pages(asked()), sends(asked()), taken()]).toEqual([1, 2, 1]);
});

test('and is not sent again where the site is as it was', async () => {
  const {sandbox, send, asked, taken} = await known();
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'server-error');
  expect(await send()).toMatchObject({code: 1, err: expect.stringContaining('sendMessageMutation')});
  expect([sends(asked()), taken()]).toEqual([1, 0]);
});

test('a form of upload that is refused twice is named, and nothing is sent', async () => {
  const {run, sandbox} = await known();
  sandbox.faults.respondAlways({path: '/api/gql_upload_POST'}, 'empty-400');
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'abc');
  const {code, err} = await run('send', '-b', 'Sandbox-Files', 'after', '-f', file);
  expect({code, err}).toEqual({code: 4, err: expect.stringContaining('the upload format of sendMessageMutation')});
  expect(sandbox.requests.filter(({path}) => path === '/api/gql_upload_POST')).toHaveLength(2);
});
