import {rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {newBot, writeFiles} from '../../support/bot-folder.js';
import {countSends, temporaryFolder, withSandbox} from '../../support/harness.js';

const failure = {status: 500, body: 'no'} as const;

test('a file of knowledge that was replaced by an interrupted push is removed by the next one', async () => {
  const {run, sandbox} = await withSandbox();
  const folder = newBot({'knowledge/data.csv': 'a,1\n'});
  await run('bot', 'push', folder, '--yes');
  const titles = () => sandbox.world.ownBots.find('Faq-Bot')?.knowledge.map(({content}) => String(content));
  for (const content of ['a,2\n', 'a,3\n']) {
    writeFiles(folder, {'knowledge/data.csv': content});
    sandbox.faults.respondOnce({operation: 'editBot'}, failure);
    expect((await run('bot', 'push', folder, '--yes')).code).not.toBe(0);
  }
  const resumed = await run('bot', 'push', folder, '--yes');
  expect(resumed).toMatchObject({code: 0, err: expect.not.stringContaining('keeps')});
  expect(titles()).toEqual([Buffer.from('a,3\n').toString()]);
  // Also if the file is deleted in the meantime.
  writeFiles(folder, {'knowledge/data.csv': 'a,4\n'});
  sandbox.faults.respondOnce({operation: 'editBot'}, failure);
  await run('bot', 'push', folder, '--yes');
  rmSync(join(folder, 'knowledge'), {recursive: true});
  expect((await run('bot', 'push', folder, '--yes')).code).toBe(0);
  expect(titles()).toEqual([]);
});

test('a folder without its state does not overwrite a prompt that Poe does not show', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  await run('bot', 'push', newBot(), '--yes');
  const pushed = await run('bot', 'push', newBot({'prompt.md': 'Something else.'}), '--yes');
  expect(pushed).toMatchObject({
    code: 1,
    err: expect.stringContaining('The bot Faq-Bot exists, and this folder has never been pushed to it'),
  });
  expect(sandbox.world.ownBots.find('Faq-Bot')?.site?.prompt).toBe('Answer from the FAQ.\nBe brief.');
});

test('a folder that another account has pushed becomes a bot of this account', async () => {
  const {run, sandbox} = await withSandbox();
  const folder = newBot({'knowledge/faq.md': 'Q'});
  writeFiles(folder, {
    '.poe-bot.sandbox.json': JSON.stringify({
      version: 1,
      handle: 'GPT-4o',
      seen: {description: 'Old'},
      sent: {description: 'Old'},
      knowledge: [{name: 'faq.md', id: 99, sha256: 'x', isAttached: false}],
    }),
  });
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({code: 0});
  expect(sandbox.world.ownBots.find('Faq-Bot')?.knowledge).toMatchObject([{title: 'faq.md', content: 'Q'}]);
});

test('a new folder is valid, also if its name looks like a number or a word of YAML', async () => {
  const {run} = await withSandbox();
  for (const name of ['1234', 'true', '1e10', '0x1F']) {
    const folder = join(temporaryFolder(), name);
    await run('bot', 'init', folder);
    expect(await run('bot', 'diff', folder)).toMatchObject({
      code: 1,
      out: `+ ${name} (prompt, private)\n`,
    });
  }
});

test('a test cannot send files outside of the folder', async () => {
  const {run, sandbox} = await withSandbox();
  const outside = join(temporaryFolder(), 'secret.txt');
  writeFileSync(outside, 'secret');
  const folder = newBot({
    'tests.yaml': `cases: [{prompt: a, contains: b, files: [${outside}, ../missing.txt, link.txt]}]`,
  });
  symlinkSync(outside, join(folder, 'link.txt'));
  const {code, err} = await run('bot', 'test', folder);
  expect({code, sends: countSends(sandbox)}).toEqual({code: 2, sends: 0});
  expect(err.split('\n')).toEqual([
    expect.stringContaining('tests.yaml has 3 problems'),
    expect.stringContaining(`tests.yaml:1:42: ${outside} is not in the folder`),
    expect.stringContaining('There is no file ../missing.txt'),
    expect.stringContaining('link.txt is not in the folder'),
    '',
  ]);
});

test('text that is not UTF-8 is not sent, and mistakes without number are reported in part', async () => {
  const {run, sandbox} = await withSandbox();
  const folder = newBot({'knowledge/a.md': 'a'});
  const latin1 = Buffer.from('caf\u00e9', 'latin1');
  writeFileSync(join(folder, 'prompt.md'), latin1);
  writeFileSync(join(folder, 'knowledge/a.md'), latin1);
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/prompt\.md: Must be text in UTF-8\n.*knowledge\/a\.md: Must be text in UTF-8\n$/),
  });
  writeFileSync(join(folder, 'bot.yaml'), Buffer.concat([Buffer.from('handle: Faq-Bot\nname: '), latin1]));
  expect((await run('bot', 'push', folder)).err).toMatch(/bot\.yaml: Must be text in UTF-8\n$/);
  writeFiles(folder, {'bot.yaml': Array.from({length: 500}, (_, index) => `x${index}: 1\n`).join('')});
  expect((await run('bot', 'push', folder)).err.split('\n').length).toBeLessThan(60);
  expect(sandbox.world.ownBots.all).toEqual([]);
});

test.each(['edges', 'pageInfo'])('knowledge is not sent again if its list has no %s', async (field) => {
  const {run, sandbox} = await withSandbox();
  const names = Array.from({length: 50}, (_, index) => `knowledge/${index}.md`);
  const folder = newBot(Object.fromEntries(names.map((name) => [name, name])));
  await run('bot', 'push', folder, '--yes');
  sandbox.faults.dropField(field);
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Poe did not confirm that it could list what the bot knows'),
  });
  expect(sandbox.world.ownBots.sources).toHaveLength(50);
});

test('no knowledge is sent for a bot whose base bot does not exist', async () => {
  const {run, sandbox} = await withSandbox();
  const folder = newBot({'bot.yaml': 'handle: Faq-Bot\nbase_bot: Nobody-Here\n', 'knowledge/a.md': 'a'});
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({code: 3});
  expect(sandbox.world.ownBots.sources).toEqual([]);
});
