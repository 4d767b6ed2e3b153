import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

/* Usage combines Poe's points history with what poe has recorded. */

interface Listed {
  bot: string;
  points: number | null;
  key: string | null;
  via: string | null;
  chat: string | null;
  tokens: object;
  queryId: string | null;
  isEstimate: boolean;
}

const listed = (out: string): Listed[] =>
  out
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line): Listed => JSON.parse(line));

const hour = 3_600_000;

/** Answers the next request for the points history with these rows. */
const respondWith = (sandbox: TestSandbox, ...rows: {bot: string; agoMs: number; points: number; id: string}[]) =>
  sandbox.faults.respondOnce(
    {path: '/usage/points_history'},
    {
      status: 200,
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({
        has_more: false,
        data: rows.map(({bot, agoMs, points, id}) => ({
          bot_name: bot,
          creation_time: (Date.now() - agoMs) * 1000,
          query_id: id,
          cost_points: points,
          usage_type: 'API',
          api_key_name: 'laptop',
        })),
      }),
    },
  );

test('a reply is listed once, with its chat and with the cost and the key that Poe reports', async () => {
  const {run} = await withKey();
  await run('send', '-b', 'claude-sonnet-4.6', 'hello there');
  const all = listed((await run('usage', '--list', '--since', '1h', '--json')).out);
  expect(all).toHaveLength(2);
  const reply = all.find(({via}) => via === 'api');
  expect(reply).toMatchObject({
    bot: 'claude-sonnet-4.6',
    key: 'sandbox',
    via: 'api',
    chat: 'hello there',
    isEstimate: false,
    queryId: 's0',
  });
  expect(reply?.points).toBeGreaterThan(0);
  // A charge of another program.
  expect(all.find(({via}) => via === null)).toMatchObject({queryId: 'q0000', key: 'laptop'});
});

test('a reply in a chat that is renamed afterwards is listed once', async () => {
  const {run, runWith, sandbox} = await withSandbox();
  const env = {POE_API_KEY: sandbox.apiKey};
  await run('send', '-b', 'gemini-2.0-flash', '--json', '2x2?');
  await run('title', 'last', 'Multiplication');
  await run('retry', '--json', 'last');
  await run('title', 'last', 'Arithmetic');
  const all = listed((await runWith({env}, 'usage', '--list', '--since', '1h', '--json')).out);
  // One is a charge of another program.
  expect(all.map(({via}) => via)).toEqual(['web', 'web', null]);
});

test('a reply is listed once if Poe shows the name of the bot instead of its handle', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'PythonTutor', 'a snake');
  const charges = listed((await run('usage', '--list', '--json')).out);
  expect(charges.filter(({bot}) => /python/i.test(bot))).toMatchObject([{bot: 'PythonTutor', points: 12, via: 'web'}]);
});

test('usage reads only the newest part of the history again', async () => {
  const {run, sandbox} = await withKey();
  const before = (await run('usage', '--json')).out;
  const pages = sandbox.requests.length;
  expect((await run('usage', '--json')).out).toBe(before);
  expect(sandbox.requests).toHaveLength(pages + 1);
});

test('charges that Poe no longer shows remain', async () => {
  const {run, sandbox} = await withKey();
  respondWith(
    sandbox,
    {bot: 'Old', agoMs: 40 * 24 * hour, points: 7, id: 'a'},
    {bot: 'New', agoMs: hour, points: 3, id: 'b'},
  );
  await run('usage');
  respondWith(sandbox, {bot: 'New', agoMs: hour, points: 3, id: 'b'});
  const {out, err} = await run('usage', '--since', '60d', '--json');
  expect(listed(out)).toMatchObject([
    {name: 'Old', points: 7},
    {name: 'New', points: 3},
  ]);
  expect(err).toContain('only charges that poe has recorded are included');
  respondWith(sandbox);
  expect((await run('usage', '--by', 'month')).out.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  respondWith(sandbox);
  expect(listed((await run('usage', '--json')).out)).toMatchObject([{name: 'New', points: 3}]);
});

test('a cost that is not known yet is shown as unknown until Poe reports it', async () => {
  const {run, sandbox} = await withKey();
  const fresh = {bot: 'Tea', agoMs: 1_000, id: 'a'};
  respondWith(sandbox, {...fresh, points: 0}, {bot: 'Free', agoMs: 3 * hour, points: 0, id: 'b'});
  const first = await run('usage', '--json');
  expect(listed(first.out)).toMatchObject([
    {name: 'Free', points: 0},
    {name: 'Tea', points: null},
  ]);
  expect(first.err).toContain('The cost of 1 reply is not known yet.');
  sandbox.faults.respondOnce(
    {path: '/usage/points_history'},
    {status: 200, headers: {'Content-Type': 'application/json'}, body: JSON.stringify({has_more: false, data: []})},
  );
  expect(listed((await run('usage', '--json')).out)).toHaveLength(2);
});

test('without a login, usage suggests both kinds of login; --via api needs a key', async () => {
  const {runWith} = await withSandbox();
  const env = {POE_P_B: undefined, POE_P_LAT: undefined};
  const {code, err} = await runWith({env}, 'usage');
  expect({code, err}).toEqual({code: 4, err: expect.stringMatching(/^poe: Not logged in: .*\n.* poe login, or with/)});
  const {err: withKeyOnly} = await runWith({env}, 'usage', '--via', 'api');
  expect(withKeyOnly).toContain('This requires an API key');
});

test('where poe.com has no points history, usage shows what poe sent, with the costs that poe.com reports', async () => {
  const {run} = await withSandbox({site: '2025-03'});
  expect((await run('usage')).code).toBe(1);
  await run('send', '-b', 'gemini-2.0-flash', '2x2?');
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  const {out, err} = await run('usage', '--json');
  expect(listed(out)).toEqual([
    {name: 'gemini-2.0-flash', points: 5, usd: null, count: 1},
    {name: 'Sandbox-Count', points: 2, usd: null, count: 1},
  ]);
  expect(err).toContain("Poe's points history could not be read");
  expect(err).toContain('Only messages that poe sent from this machine are shown.');
  expect((await run('usage', '--list', '--csv')).out).toMatch(/^time,bot,points,.*\r\n\d{4}-.*,Sandbox-Count,2,/);
});

test('with a browser session, usage reads the points history of poe.com, and a key later replaces it', async () => {
  const {run, runWith, sandbox} = await withSandbox();
  await run('send', '-b', 'gemini-2.0-flash', '2x2?');
  const {out, err} = await run('usage', '--list', '--json');
  expect(err).toBe('');
  const all = listed(out);
  const reply = all.find(({via}) => via === 'web');
  expect(reply).toMatchObject({bot: 'gemini-2.0-flash', points: 5, chat: expect.any(String), isEstimate: false});
  expect(reply?.queryId).not.toBeNull();
  expect(all).toHaveLength(231);
  const sums = listed((await run('usage', '--json')).out);
  expect(sums).toHaveLength(3);
  const requests = sandbox.requests.length;
  await run('usage');
  expect(sandbox.requests.length - requests).toBeLessThanOrEqual(3);
  const env = {POE_API_KEY: sandbox.apiKey};
  const withKey = listed((await runWith({env}, 'usage', '--list', '--json')).out);
  expect(withKey).toHaveLength(231);
  expect(withKey.filter(({via}) => via === 'web')).toMatchObject([{bot: 'gemini-2.0-flash', points: 5}]);
  expect(listed((await run('usage', '--list', '--json')).out)).toHaveLength(231);
  const entry = {id: 'a', pointCost: 3, creationTime: Date.now() * 1000, bot: {displayName: 'New'}};
  const edges = [{...entry, id: 'b', creationTime: null}, entry].map((node) => ({node}));
  const body = JSON.stringify({data: {viewer: {pointsHistoryConnection: {edges, pageInfo: {hasNextPage: false}}}}});
  sandbox.faults.respondOnce({operation: 'pointsHistory'}, {status: 200, body});
  const {out: rest, err: note} = await run('usage', '--json');
  expect(listed(rest)).toContainEqual({name: 'New', points: 3, usd: null, count: 1});
  expect(note).toBe("Skipped 1 entry of Poe's points history, because the format is unknown.\n");
});

test('if the ledger cannot be used, usage shows the history of Poe', async () => {
  const {run, configDir} = await withKey();
  mkdirSync(configDir, {recursive: true});
  writeFileSync(join(configDir, 'ledger'), 'a file');
  const {code, out, err} = await run('usage');
  expect({code, out}).toEqual({code: 0, out: expect.stringContaining('Gemini-2.0-Flash\t2280\t')});
  expect(err).toContain("Only Poe's history of 30 days is shown");
  expect((await run('send', '-b', 'Sandbox-Echo', 'hello')).out).toBe('hello\n');
});

test('on a terminal, the chart by day shows the budget, and what is left until the next grant', async () => {
  const {run, sandbox, configDir} = await withKey();
  await run('budget', 'set', '200/day');
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const {out, err} = await runOnTerminal(['usage', '--by', 'day', '--since', '7d'], env);
  const rows = out.split('\n').filter((line) => /^\d{4}-/.test(line));
  expect(rows.length).toBeGreaterThan(6);
  for (const row of rows) expect(row).toMatch(/█.*│$/);
  for (const columns of [40, 60]) {
    const {out: narrow} = await runOnTerminal(['usage', '--since', '7d'], env, {columns});
    expect(narrow).toMatch(/█{10}/);
    expect(narrow).not.toContain('…');
  }
  const text = (out + err).replaceAll(/\s+/g, ' ');
  expect(text).toContain('200 points of your budget of 200 points a day are left.');
  expect(text).toContain('At the pace of the last 7 days (');
  expect(text).toContain('Auto-recharge is on: buys 333,000 points for $10 when fewer than 500 points are left.');
});
