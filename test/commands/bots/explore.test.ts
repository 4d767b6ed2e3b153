import {expect, test} from 'vitest';
import {operationsOf, withSandbox} from '../../support/harness.js';

async function withJson() {
  const setup = await withSandbox();
  const json = async (...argv: string[]) => {
    const {code, out, err} = await setup.run(...argv, '--json');
    expect({argv, code, err}).toEqual({argv, code: 0, err: ''});
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  return {...setup, json};
}

test('explore finds bots by words or --bot', async () => {
  const {json} = await withJson();
  const found = await json('explore', 'deepseek');
  expect(found.slice(0, 5).map(({handle}) => handle.toLowerCase())).toEqual(
    Array.from({length: 5}, () => expect.stringContaining('deepseek')),
  );
  expect(await json('explore', '--bot', 'deepseek')).toEqual(found);
});

test('bot-info --json prints all documented fields', async () => {
  const {json} = await withJson();
  expect(await json('bot-info', 'claude-3.7-sonnet-reasoning')).toEqual([
    {
      id: 'Qm90OjEwMjY=',
      botId: 1026,
      handle: 'Claude-3.7-Sonnet-Reasoning',
      displayName: 'Claude-3.7-Sonnet-Reasoning',
      model: 'flannel_reasoning',
      pictureUrl: expect.stringMatching(/^https:/),
      description: expect.stringContaining('hybrid reasoning'),
      poweredBy: 'Powered by Anthropic.',
      tags: ['OFFICIAL'],
      displayMessagePointPrice: null,
      rateCard: '| Type | Rate |\n| --- | --- |\n| Bot message | 123 points / message |',
      introduction: '',
      isCreatedByPoeUserAccount: false,
      parameters: [
        {
          name: 'thinking_budget',
          label: 'Thinking budget',
          description: 'How many tokens the bot may think',
          defaultValue: 0,
          schema: {type: 'number', enum: null, minimum: 0, maximum: 16_384, step: 1_024},
        },
      ],
    },
  ]);
});

test('explore --category lists all pages of a category, in any letter case', async () => {
  const {json, sandbox} = await withJson();
  const official = sandbox.world.bots.filter(({categories}) => categories.includes('Official'));
  const found = await json('explore', '--category', 'official', '--all');
  expect(found.map(({handle}) => handle)).toEqual(official.map(({handle}) => handle));
  const [five] = [await json('explore', '--category', 'Official', '-n', '5')];
  expect(five).toHaveLength(5);
});

test('explore --all lists all bots, over several pages', async () => {
  const {json, sandbox} = await withJson();
  expect(await json('explore', '--all')).toHaveLength(sandbox.world.bots.length);
  expect(operationsOf(sandbox).filter((name) => name === 'ExploreBotsListPaginationQuery').length).toBeGreaterThan(1);
});

test('explore --user finds people', async () => {
  const {json} = await withJson();
  const [openai] = await json('explore', '--user', 'openai');
  expect(openai).toMatchObject({handle: 'openai', uid: 2_910_400_879, fullName: 'OpenAI'});
});

test('a pipe gets a list with tabs and no notes', async () => {
  const {run} = await withJson();
  const {out, err} = await run('explore', 'gemini-2.0-flash', '-n', '1');
  expect({out, err}).toEqual({out: 'gemini-2.0-flash\t\tA quick model for everyday questions.\n', err: ''});
});

test('explore suggests a similar category, and rejects options that conflict', async () => {
  const {run} = await withJson();
  expect(await run('explore', '--category', 'nonsense')).toEqual({
    code: 2,
    out: '',
    err: 'poe: No category named "nonsense"\n     List them with: poe categories\n',
  });
  const wrong = await run('explore', '--category', 'Reasonin');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('Did you mean Reasoning');
  expect((await run('explore', 'x', '--user', 'y')).code).toBe(2);
  expect((await run('explore', '--bot', 'x', '--user', 'y')).code).toBe(2);
  expect((await run('explore', '-n', '0')).code).toBe(2);
  expect(await run('explore', 'zzzzzzzzzz')).toEqual({code: 0, out: '', err: 'No bots match.\n'});
});

test('categories lists all categories', async () => {
  const {json, run, sandbox} = await withJson();
  expect(await json('categories')).toEqual([[...sandbox.world.categories]]);
  expect((await run('categories')).out).toBe(`${sandbox.world.categories.join('\n')}\n`);
});

test('user-info shows a user, or suggests a similar handle', async () => {
  const {json, run} = await withJson();
  expect(await json('user-info', 'OpenAI')).toEqual([
    {
      id: expect.any(String),
      uid: 2_910_400_879,
      handle: 'openai',
      fullName: 'OpenAI',
      followerCount: 2470,
      mediumProfilePhotoUrl: expect.stringMatching(/^https:/),
      profilePhotoUrl: expect.stringMatching(/^https:/),
    },
  ]);
  const wrong = await run('user-info', 'opnai');
  expect(wrong.code).toBe(3);
  expect(wrong.err).toContain('Did you mean openai');
});

test('follow and unfollow accept a handle or an id, and change the number of followers', async () => {
  const {json, run} = await withJson();
  const followers = async () => (await json('user-info', 'openai'))[0].followerCount;
  expect(await json('follow', 'openai')).toEqual([{following: true}]);
  expect(await followers()).toBe(2471);
  expect(await json('unfollow', '2910400879')).toEqual([{following: false}]);
  expect(await followers()).toBe(2470);
  expect((await run('follow', 'no-such-user')).code).toBe(3);
});

test('bot-info prints one field per line in a pipe', async () => {
  const {run} = await withJson();
  const {out} = await run('bot-info', 'gpt-4o-mini');
  expect(out).toContain('Handle\tGPT-4o-Mini\n');
  expect(out).toContain('Price\tBot message: 15 points / message\n');
});
