import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {newBot, withStoredFacts, writeFiles} from '../../support/bot-folder.js';

describe.each(['2026-08', '2025-03'] as const)('on site version %s', (site) => {
  test('a bot is pulled as far as Poe tells, and the folder can be pushed again', async () => {
    const {run, sandbox} = await withStoredFacts({site});
    await run('bot', 'push', newBot({'knowledge/faq.md': 'Q and A'}), '--yes');
    const folder = join(temporaryFolder(), 'copy');
    const pulled = await run('bot', 'pull', 'faq-bot', folder);
    const yaml = readFileSync(join(folder, 'bot.yaml'), 'utf8');
    if (site === '2026-08') {
      expect(pulled.out).toBe(`Wrote ${folder}/bot.yaml\nWrote ${folder}/prompt.md\n`);
      expect(pulled.err).toContain(
        'Not set, or not shown by Poe: temperature, message_price, message_limit, knowledge/faq.md',
      );
      expect(readFileSync(join(folder, 'prompt.md'), 'utf8')).toBe('Answer from the FAQ.\nBe brief.\n');
      expect(yaml.split('\n').slice(2, 6)).toEqual([
        'handle: Faq-Bot', 'category: prompt', 'name: FAQ', 'base_bot: GPT-4o-Mini',
      ]); // prettier-ignore
      const diff = await run('bot', 'diff', folder);
      expect(diff).toMatchObject({code: 0, out: 'Faq-Bot is up to date\n'});
      expect(diff.err).toContain('The bot keeps a source of knowledge not from this folder: faq.md');
      writeFiles(folder, {'prompt.md': 'Be long.'});
      expect((await run('bot', 'push', folder, '--yes')).code).toBe(0);
      expect(sandbox.world.ownBots.find('Faq-Bot')).toMatchObject({
        site: {prompt: 'Be long.', isPrivateBot: false},
        knowledge: [{title: 'faq.md', content: 'Q and A'}],
      });
    } else {
      expect(pulled.err).toContain(
        'Not set, or not shown by Poe: category, base_bot, prompt.md, temperature, visibility,',
      );
      expect(existsSync(join(folder, 'prompt.md'))).toBe(false);
      expect(yaml).toContain('description: Answers.');
      expect((await run('bot', 'push', folder, '--yes')).err).toContain('prompt.md: The file is missing');
    }
    expect((await run('bot', 'pull', 'faq-bot', folder)).err).toContain('The file exists already');
    expect((await run('bot', 'pull', 'faq-bot', folder, '--force')).code).toBe(0);
    const others = await run('bot', 'pull', 'GPT-4o', folder);
    expect(others).toMatchObject({
      code: 1,
      err: expect.stringMatching(/The bot GPT-4o is not yours\n +List your bots with: poe bot list\n/),
    });
    expect(await run('bot', 'open', 'nobody')).toMatchObject({
      code: 3,
      err: expect.stringContaining('You have no bot named "nobody"'),
    });
  });

  test('a script is pushed as the Python text of a bot of the Interpreter', async () => {
    const {run, sandbox} = await withStoredFacts({site});
    const folder = temporaryFolder();
    writeFiles(folder, {'bot.yaml': 'handle: Dice-Bot\ncategory: script\n', 'script.py': 'print(4)\n'});
    expect((await run('bot', 'push', folder, '--yes')).out).toMatch(/^Created Dice-Bot: http:.*\/Dice-Bot\n$/);
    const own = sandbox.world.ownBots.find('dice-bot');
    expect(own?.site).toMatchObject({model: 'interpreter', prompt: 'print(4)', botCategory: 1, isPrivateBot: true});
    expect((await run('bot', 'diff', folder)).code).toBe(0);
  });

  test('the server of an API bot is pushed with its key from the environment, which no file contains', async () => {
    const {run, runWith, sandbox} = await withStoredFacts({site});
    const folder = temporaryFolder();
    writeFiles(folder, {
      'bot.yaml': 'handle: My-Server\ncategory: api\nserver_url: https://bot.example/\naccess_key_env: BOT_KEY\n',
    });
    expect((await run('bot', 'push', folder, '--yes')).err).toContain('The environment variable BOT_KEY is not set');
    const env = {BOT_KEY: 'secret-access-key'};
    expect((await runWith({env}, 'bot', 'push', folder, '--yes')).code).toBe(0);
    expect(sandbox.world.ownBots.find('My-Server')).toMatchObject({
      key: 'secret-access-key',
      site: {isApiBot: true, apiUrl: 'https://bot.example/'},
    });
    expect(readFileSync(join(folder, '.poe-bot.sandbox.json'), 'utf8')).not.toContain('secret-access-key');
  });
});

test('a push refuses to overwrite a change that was made on Poe, and shows it', async () => {
  const {run, sandbox} = await withStoredFacts();
  const folder = newBot();
  await run('bot', 'push', folder, '--yes');
  const own = sandbox.world.ownBots.find('Faq-Bot');
  if (!own?.site) throw new Error('The bot is missing');
  sandbox.world.ownBots.setSite(own, {...own.site, description: 'Changed there.', prompt: 'Changed, too.'}, null);
  // What is changed only on Poe, would be lost as well.
  const refused = await run('bot', 'push', folder, '--yes');
  expect(refused.code).toBe(1);
  expect(refused.err).toBe(
    `poe: The bot Faq-Bot was changed on Poe since the last push
     ~ prompt.md
         - Answer from the FAQ.
         - Be brief.
         + Changed, too.
     ~ description: Answers. → Changed there.
     To overwrite these changes: poe bot push --force. To get them: poe bot pull Faq-Bot <new folder>
`,
  );
  expect(JSON.parse((await run('bot', 'push', folder, '--yes', '--json')).err)).toMatchObject({
    error: {code: 'conflict', problems: expect.arrayContaining(['~ description: Answers. → Changed there.'])},
  });
  expect((await run('bot', 'push', folder, '--yes', '--force')).code).toBe(0);
  expect(own.site).toMatchObject({description: 'Answers.'});
  // A folder that has never been pushed does not replace a bot that exists.
  expect((await run('bot', 'push', newBot({'prompt.md': 'Other'}), '--yes')).err).toContain(
    'The bot Faq-Bot exists, and this folder has never been pushed to it',
  );
});

test('a bot that Poe does not accept is explained', async () => {
  const {run} = await withStoredFacts();
  const folder = newBot();
  const setYaml = (yaml: string) => writeFileSync(join(folder, 'bot.yaml'), yaml);
  setYaml('handle: GPT-4o\n');
  expect((await run('bot', 'push', folder, '--yes')).err).toBe(
    'poe: The bot GPT-4o is not yours\n     Choose another handle.\n',
  );
  setYaml('handle: Big-Bot\nbase_bot: Imagen3\n');
  expect((await run('bot', 'push', folder, '--yes')).err).toContain('Imagen3 cannot be the base bot of a bot for text');
  setYaml('handle: Big-Bot\nbase_bot: gemni-2.0-flash\n');
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({
    code: 3,
    err: expect.stringContaining('Did you mean'),
  });
  setYaml('handle: Big-Bot\n');
  writeFiles(folder, {'prompt.md': 'x'.repeat(100_001)});
  expect((await run('bot', 'push', folder, '--yes')).err).toContain(
    'poe: The prompt is too long\n     Shorten it, or move parts of it to knowledge.\n',
  );
  writeFiles(folder, {'prompt.md': 'x', 'knowledge/big.txt': 'x'.repeat(5_000_001)});
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({
    code: 5,
    err: expect.stringContaining('Poe does not accept big.txt: it is too large'),
  });
  writeFiles(folder, {'knowledge/a.txt': 'small'});
  expect((await run('bot', 'push', folder, '--yes')).err).toContain('1 text or file was sent. The next push continues');
});

test('a folder is pushed by one process at a time', async () => {
  const {run} = await withStoredFacts();
  const folder = newBot();
  const since = new Date().toISOString();
  writeFileSync(join(folder, '.poe-bot.sandbox.json.lock'), JSON.stringify({pid: process.pid, since, id: 'x'}));
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /Another push of .* is running\n +Try again\..*delete .*\/\.poe-bot\.sandbox\.json\.lock\./,
    ),
  });
  expect(await run('bot', 'push', join(folder, 'nowhere'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('No bot.yaml in'),
  });
});

test('a folder from somebody else cannot send the credentials of poe, and the plan names the key it sends', async () => {
  const {runWith} = await withStoredFacts();
  const folder = temporaryFolder();
  const yaml = (variable: string) =>
    `handle: My-Server\ncategory: api\nserver_url: https://bot.example/\naccess_key_env: ${variable}\n`;
  writeFiles(folder, {'bot.yaml': yaml('POE_P_B')});
  expect((await runWith({}, 'bot', 'push', folder, '--yes')).err).toContain(
    'bot.yaml:4:17: access_key_env must be the name of an environment variable that has no credentials',
  );
  writeFiles(folder, {'bot.yaml': yaml('AWS_SECRET')});
  const pushed = await runWith({env: {AWS_SECRET: 's'}}, 'bot', 'push', folder);
  expect(pushed).toMatchObject({
    code: 2,
    err: expect.stringContaining('Poe gets the key in AWS_SECRET for https://bot.example/'),
  });
});

test('a renamed bot keeps its knowledge', async () => {
  const {run, sandbox} = await withStoredFacts();
  const folder = newBot({'knowledge/faq.md': 'Q'});
  await run('bot', 'push', folder, '--yes');
  writeFileSync(
    join(folder, 'bot.yaml'),
    'handle: Other-Name\nname: FAQ\nbase_bot: GPT-4o-Mini\ndescription: Answers.\nvisibility: public\n',
  );
  const diff = await run('bot', 'diff', folder);
  expect(diff.out).toBe('~ handle: Faq-Bot → Other-Name\n');
  expect((await run('bot', 'push', folder, '--yes')).out).toMatch(/^Changed Other-Name/);
  expect(sandbox.world.ownBots.all).toMatchObject([{bot: {handle: 'Other-Name'}, knowledge: [{title: 'faq.md'}]}]);
});

test('a rotated hash is looked up on the site, also that of a file of knowledge', async () => {
  const {run, sandbox} = await withStoredFacts();
  for (const key of ['botOfViewer', 'createKnowledge', 'createBot'] as const) sandbox.faults.rotateHash(key);
  const pushed = await run('bot', 'push', newBot({'knowledge/a.csv': 'a,b'}), '--yes');
  expect(pushed.code).toBe(0);
  expect(sandbox.world.ownBots.find('faq-bot')?.knowledge).toHaveLength(1);
  // Accounts that upload files before their messages send knowledge in one request, too.
  sandbox.faults.setUploadMethod('finish');
  const other = newBot({'knowledge/b.csv': 'c,d'});
  writeFileSync(join(other, 'bot.yaml'), 'handle: Other-Bot\n');
  expect((await run('bot', 'push', other, '--yes')).code).toBe(0);
  expect(sandbox.world.ownBots.find('other-bot')?.knowledge).toMatchObject([{title: 'b.csv'}]);
});
