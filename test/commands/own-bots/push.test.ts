import {cpSync, readdirSync, rmSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {type OperationKey, versionOf} from '../../../src/core/web/protocol/operations.js';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {newBot, withStoredFacts, writeFiles} from '../../support/bot-folder.js';
import {operationsOf, temporaryFolder} from '../../support/harness.js';

/** The names and contents of what a bot knows. */
const knowledgeOf = ({world}: TestSandbox, handle: string) =>
  Object.fromEntries(
    (world.ownBots.find(handle)?.knowledge ?? []).map(({title, content}) => [title, Buffer.from(content).toString()]),
  );

const mutations = (sandbox: TestSandbox) => operationsOf(sandbox).filter((name) => /_Mutation$|Mutation$/.test(name));

describe.each(['2026-08', '2025-03'] as const)('on site version %s', (site) => {
  test('a bot is created, changed and deleted as its folder says, and only what changed is sent', async () => {
    const {run, sandbox} = await withStoredFacts({site});
    const folder = newBot({'knowledge/faq.md': 'Q and A', 'knowledge/more/data.csv': 'a,b\n'});
    expect((await run('bot', 'push', folder)).err).toContain('Nothing was changed: confirmation requires a terminal');
    expect(mutations(sandbox)).toEqual([]);

    const created = await run('bot', 'push', folder, '--yes', '--json');
    expect(created).toMatchObject({code: 0, err: ''});
    expect(JSON.parse(created.out)).toEqual({
      created: ['Faq-Bot', 'knowledge/faq.md', 'knowledge/more/data.csv'],
      changed: [],
      removed: [],
      changes: [],
    });
    expect(knowledgeOf(sandbox, 'faq-bot')).toEqual({'faq.md': 'Q and A', 'more_data.csv': 'a,b\n'});
    expect(sandbox.world.ownBots.find('faq-bot')?.site).toMatchObject({
      botCategory: 1,
      model: 'gpt_4o_mini',
      displayName: 'FAQ',
      prompt: 'Answer from the FAQ.\nBe brief.',
      isPrivateBot: false,
      isPromptPublic: false,
      isApiBot: false,
    });
    // It can be asked, found and looked up like any other bot.
    expect((await run('send', '-q', '-b', 'faq-bot', '2x2?')).out).toContain('4');
    expect((await run('explore', 'faq')).out).toContain('Faq-Bot');
    expect((await run('bot-info', 'Faq-Bot', '--json')).out).toContain('"description":"Answers."');

    const before = sandbox.requests.length;
    expect(await run('bot', 'diff', folder)).toMatchObject({code: 0, out: 'Faq-Bot is up to date\n', err: ''});
    expect(await run('bot', 'push', folder)).toMatchObject({code: 0, err: ''});
    expect(mutations(sandbox).length).toBe(mutations({...sandbox, requests: sandbox.requests.slice(0, before)}).length);

    writeFiles(folder, {
      'bot.yaml': 'handle: Faq-Bot\nname: FAQ\nbase_bot: GPT-4o-Mini\ndescription: Answers.\nmessage_price: 20\n',
      'prompt.md': 'Answer from the FAQ.\nBe friendly.\n',
      'knowledge/faq.md': 'Q and a new A',
      'knowledge/new.txt': 'new',
    });
    rmSync(join(folder, 'knowledge/more'), {recursive: true});
    const changed = await run('bot', 'diff', folder);
    expect(changed).toMatchObject({
      code: 1,
      err: expect.stringContaining('The bot Faq-Bot on Poe differs from its folder'),
    });
    const isTold = site === '2026-08';
    expect(changed.out.trimEnd().split('\n')).toEqual([
      '~ prompt.md',
      ...(isTold ? ['    - Be brief.', '    + Be friendly.'] : []),
      '~ visibility: public → private',
      '~ message_price: (none) → 20',
      '+ knowledge/new.txt (3 bytes)',
      '~ knowledge/faq.md',
      '- knowledge/more/data.csv',
    ]);
    expect(JSON.parse((await run('bot', 'push', folder, '--yes', '--json')).out)).toMatchObject({
      created: ['knowledge/new.txt'],
      changed: ['prompt.md', 'visibility', 'message_price', 'knowledge/faq.md'],
      removed: ['knowledge/more/data.csv'],
    });
    expect(knowledgeOf(sandbox, 'faq-bot')).toEqual({'faq.md': 'Q and a new A', 'new.txt': 'new'});
    expect((await run('explore', 'faq')).out).not.toContain('Faq-Bot');

    expect((await run('bot', 'list')).out).toMatch(/^Faq-Bot\t.*\n$/);
    expect((await run('explore', '--mine', '--json')).out).toContain('"handle":"Faq-Bot"');
    expect((await run('bot', 'delete', 'faq-bot')).code).toBe(2);
    expect(await run('bot', 'delete', 'faq-bot', '--yes', '--json')).toMatchObject({out: '{"deleted":"Faq-Bot"}\n'});
    expect((await run('bot', 'delete', 'faq-bot', '--yes')).err).toContain('You have no bot named "faq-bot"');
    expect((await run('bot', 'list')).err).toContain('You have no bots.');
    // After that, a push creates it again, with all its knowledge.
    expect(JSON.parse((await run('bot', 'push', folder, '--yes', '--json')).out).created).toEqual([
      'Faq-Bot', 'knowledge/faq.md', 'knowledge/new.txt',
    ]); // prettier-ignore
  });
});

test.each(['2026-08', '2025-03'] as const)(
  'the operations have the variables of site version %s, in order',
  async (site) => {
    const {run, sandbox} = await withStoredFacts({site});
    const folder = newBot({'knowledge/faq.md': 'Q and A'});
    await run('bot', 'push', folder, '--yes');
    writeFiles(folder, {'prompt.md': 'Be kind.', 'knowledge/faq.md': 'Q'});
    await run('bot', 'push', folder, '--yes');
    await run('bot', 'list');
    const {botId = 0} = sandbox.world.ownBots.find('Faq-Bot')?.bot ?? {};
    await run('bot', 'delete', 'Faq-Bot', '--yes');
    const bodyOf = (key: OperationKey) => {
      const {name, hash} = versionOf(key, site);
      const {body = ''} = sandbox.requests.findLast(({queryName}) => queryName === name) ?? {};
      expect(body.endsWith(`,"extensions":{"hash":"${hash}"}}`)).toBe(true);
      return body.slice(body.indexOf('"variables":') + 12, body.lastIndexOf(',"extensions"'));
    };
    const [source] = sandbox.world.ownBots.sources;
    const id = source?.knowledgeSourceId;
    const common = (prompt: string) =>
      `"displayName":"FAQ","handle":"Faq-Bot","prompt":"${prompt}","isPromptPublic":false,"introduction":"","description":"Answers.","profilePictureUrl":null,"apiUrl":null,"apiKey":null`;
    const rest =
      '"hasMarkdownRendering":true,"hasSuggestedReplies":false,"isPrivateBot":false,"temperature":null,"customMessageLimit":null';
    const end = '"messagePriceCc":null,"shouldCiteSources":true,"allowRelatedBotRecommendations":true';
    expect(bodyOf('createKnowledge')).toBe('{"sourceInput":{"text_input":{"title":"faq.md","content":"Q and A"}}}');
    expect(bodyOf('createBot')).toBe(
      `{"botCategory":1,"model":"gpt_4o_mini",${common(String.raw`Answer from the FAQ.\nBe brief.`)},"isApiBot":false,${rest},"knowledgeSourceIds":[${id}],${end},"inviteCodeReqHash":null}`,
    );
    expect(bodyOf('editKnowledge')).toBe(
      `{"knowledgeSourceId":${id},"sourceInput":{"text_input":{"title":"faq.md","content":"Q"}}}`,
    );
    expect(bodyOf('editBot')).toBe(
      `{"botCategory":1,"baseBot":"gpt_4o_mini","botId":${botId},${common('Be kind.')},${rest},"knowledgeSourceIdsToAdd":[],"knowledgeSourceIdsToRemove":[],${end}}`,
    );
    expect(bodyOf('availableBots')).toBe(
      site === '2025-03'
        ? '{}'
        : '{"botSelectorFilter":"all","cursor":null,"filterCanvasOnlyBots":false,"includeHomePageBotSelectorFragment":false,"limit":50}',
    );
    expect(bodyOf('deleteBot')).toBe(`{"botId":${botId}}`);
    expect(bodyOf('knowledge')).toBe(
      `{"after":null,"first":50,"id":"${Buffer.from(`Bot:${botId}`).toString('base64')}"}`,
    );
  },
);

test('the bots in examples/bots can be pushed', async () => {
  const {runWith, sandbox} = await withStoredFacts();
  const folder = temporaryFolder();
  cpSync('examples/bots', folder, {recursive: true, filter: (path) => !basename(path).startsWith('.poe-bot')});
  for (const name of readdirSync(folder)) {
    const pushed = await runWith({env: {POE_ACCESS_KEY: 'k'.repeat(32)}}, 'bot', 'push', join(folder, name), '--yes');
    expect({name, code: pushed.code, out: pushed.out}).toEqual({
      name,
      code: 0,
      out: expect.stringMatching(/^Created /),
    });
  }
  expect(sandbox.world.ownBots.all.length).toBe(readdirSync('examples/bots').length);
});
