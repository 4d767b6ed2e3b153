import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';

/* The command line of poe-api-rust: poe-cli QUERY -b -f -c --p-b --p-lat --fromkey */

test('all flags of poe-api-rust’s poe-cli work', async () => {
  const {sandbox} = await withSandbox();
  const env = {POE_BASE_URL: sandbox.url, POE_CONFIG_DIR: temporaryFolder()};
  const {pB, pLat} = sandbox.tokens;
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, 'abc');
  const tokens = ['--p-b', pB, '--p-lat', pLat, '--fromkey', sandbox.formKey];
  const short = await runMain(['what is it?', '-b', 'Sandbox-Files', '-f', file, '-f', file, ...tokens], {env});
  expect({code: short.code, lines: short.out.match(/^a\.txt, text\/plain, 3/gm)}).toEqual({
    code: 0,
    lines: ['a.txt, text/plain, 3', 'a.txt, text/plain, 3'],
  });
  const [chat] = sandbox.world.chats;
  const long = await runMain(
    ['count to 2', '--bot-handle', 'sandbox-count', '--chat-id', String(chat?.chatId), '--files', file, ...tokens],
    {env},
  );
  const warning =
    'Other users of this machine can see the values of --p-b, --p-lat, --formkey. It is safer to use poe login.\n';
  expect(long).toEqual({code: 0, out: '1 2\n', err: warning});
  expect(sandbox.world.chats[0]?.chatId).toBe(chat?.chatId);
  const quiet = await runMain(['count to 2', '-q', '-b', 'sandbox-count', ...tokens], {env});
  expect(quiet).toEqual({code: 0, out: '1 2\n', err: ''});
  expect((await runMain(['count to 2', '--json', '-b', 'sandbox-count', ...tokens], {env})).err).toBe('');
});

test('the environment variables and the default bot of poe-cli work', async () => {
  const {sandbox} = await withSandbox();
  const env = {
    POE_BASE_URL: sandbox.url,
    POE_CONFIG_DIR: temporaryFolder(),
    POE_P_B: sandbox.tokens.pB,
    POE_P_LAT: sandbox.tokens.pLat,
    POE_FROMKEY: sandbox.formKey,
  };
  const {code, out} = await runMain(['2x2?', '--json', '--bot-handle', ''], {env});
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({bot: 'Assistant'});
});
