import {expect, test} from 'vitest';
import {runOnTerminal} from '../support/terminal/fake-terminal.js';
import {ownerOfKey, withKey} from '../support/with-key.js';

test('explore lists bots with prices, context and media types, and caches the list', async () => {
  const {run, sandbox} = await withKey();
  const found = await run('explore', 'anthropic');
  expect(found.out).toBe(
    'claude-sonnet-4.6\t$2.6 in, $13 out\t983040\ttext, image → text\tWriting, reasoning and programming, with adjustable effort.\n',
  );
  expect((await run('explore', 'no-such-bot')).err).toContain('No bots match.');
  expect(sandbox.requests.filter(({path}) => path === '/v1/models')).toHaveLength(1);
});

test('bot-info shows prices, context, parameters and input types', async () => {
  const {run} = await withKey();
  const {code, out} = await run('bot-info', 'Claude-Sonnet-4.6', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    id: null,
    botId: null,
    handle: 'claude-sonnet-4.6',
    poweredBy: 'Anthropic',
    pricesUsd: {prompt: 0.000_002_6, completion: 0.000_013, image: null, request: null},
    contextTokens: 983_040,
    takes: ['text', 'image'],
    createdTime: '2026-02-05T03:41:31.433Z',
    parameters: [
      {name: 'output_effort', defaultValue: 'medium'},
      {name: 'web_search', schema: {type: 'boolean'}},
      {name: 'thinking_budget'},
    ],
  });
  expect((await run('bot-info', 'Sandbox-Echo')).code).toBe(0);
  expect((await run('bot-info', 'claude-sonet-4.6')).err).toContain('claude-sonnet-4.6');
});

test('settings --json prints the balance', async () => {
  const {run} = await withKey();
  const {out} = await run('settings', '--json');
  expect(JSON.parse(out)).toEqual({
    points: 2640,
    planPoints: 2400,
    addonPoints: 240,
    usd: 0.0801,
    planUsd: 0.0728,
    addonUsd: 0.0073,
    cycleStartTime: '2026-08-27T00:00:00.000Z',
    autoRecharge: {
      isOn: true,
      status: 'active',
      thresholdPoints: 500,
      thresholdUsd: 0.02,
      refillPoints: 333_000,
      refillUsd: 10,
      lastFailureTime: null,
    },
    nextDailyGrant: {time: '2027-01-01T00:00:00.000Z', points: 3000},
    nextMonthlyGrant: {time: null, points: 0},
    email: null,
    defaultBot: null,
    messagePointInfo: {
      messagePointResetTime: '2027-01-01T00:00:00.000Z',
      messagePointBalance: 2640,
      totalMessagePointAllotment: null,
      allChatDefaultPointPriceThresholdPerMessage: null,
    },
  });
});

test('a balance can consist of points only', async () => {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondOnce({path: '/usage/current_balance'}, {status: 200, body: '{"current_point_balance":1500}'});
  expect(JSON.parse((await run('settings', '--json')).out)).toMatchObject({points: 1500, usd: null, email: null});
});

test('usage reads all pages of the points history', async () => {
  const {run, sandbox} = await withKey();
  const {code, out} = await run('usage');
  expect(code).toBe(0);
  expect(out).toBe(
    'Gemini-2.0-Flash\t2280\t0.0228\t76\nAssistant\t1540\t0.0231\t77\nClaude-Sonnet-4.6\t770\t0.0231\t77\n',
  );
  expect(sandbox.requests.map(({path}) => path)).toEqual([
    '/usage/points_history?limit=100',
    '/usage/points_history?limit=100&starting_after=q0099',
    '/usage/points_history?limit=100&starting_after=q0199',
  ]);
});

test('usage groups by day or key, accepts --since, and prints CSV or JSON', async () => {
  const {run, sandbox} = await withKey();
  const recent = (await run('usage', '--by', 'key', '--since', '25h', '--json')).out.trimEnd().split('\n');
  const counts = recent.map((line): number => JSON.parse(line).count);
  expect(counts).toEqual([5, 4]);
  expect(sandbox.requests).toHaveLength(1);
  const csv = (await run('usage', '--by', 'day', '--csv')).out;
  expect(csv).toMatch(/^day,points,usd,count\r\n\d{4}-\d\d-\d\d,\d+,[\d.]+,\d+\r\n/);
  expect((await run('usage', '--since', 'yesterday')).code).toBe(2);
});

test('--since beyond 30 days prints a note', async () => {
  const {run} = await withKey();
  expect((await run('usage', '--since', '5w')).err).toContain('Poe only shows the last 30 days.');
  expect((await run('usage', '--since', '30d')).err).toBe('');
});

test('usage draws a table with bars on a terminal, scaled to the largest sum', async () => {
  const {sandbox, configDir} = await withKey();
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const {out} = await runOnTerminal(['usage'], env);
  expect(
    out
      .split('\n')
      .filter((line) => /█/.test(line))
      .map((line) => line.replaceAll(/ +/g, ' ')),
  ).toEqual([
    `Gemini-2.0-Flash 2,280 $0.0228 76 ${'█'.repeat(24)}`,
    `Assistant 1,540 $0.0231 77 ${'█'.repeat(16)}▎`,
    `Claude-Sonnet-4.6 770 $0.0231 77 ${'█'.repeat(8)}▏`,
  ]);
});

test('bars have a resolution of an eighth of a cell', async () => {
  const {bar} = await import('../../src/output/format/numbers.js');
  expect([bar(0, 10, 4), bar(1, 1000, 4), bar(5, 10, 4), bar(10, 10, 4), bar(9, 16, 4)]).toEqual([
    '',
    '▏',
    '██',
    '████',
    '██▎',
  ]);
});

test('--info shows the estimated cost of a reply', async () => {
  const {run} = await withKey();
  const {err} = await run('send', '--info', '-b', 'Sandbox-Echo', 'hello');
  expect(err).toContain('17 points (estimate)');
});

test('each profile has its own default bot, used when no bot is named', async () => {
  const {run, runWith} = await withKey();
  const chosen = await run('settings', 'default-bot', 'sandbox-ECHO', '--json');
  expect(JSON.parse(chosen.out).defaultBot).toEqual({displayName: 'Sandbox-Echo', botId: null, id: null});
  expect((await run('settings')).out).toContain('Default bot\tSandbox-Echo');
  expect(await run('send', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
  const other = await runWith({env: {POE_PROFILE: 'other'}}, 'send', '2x2?');
  expect(other.err).toContain('so Assistant answers');
  // A chat continues with its own bot.
  await run('send', '-b', 'Sandbox-Memory', 'one');
  expect((await run('send', '-c', 'last', 'two')).out).toContain('user: one\n');
});

test('a default bot that the API does not list is rejected', async () => {
  const {run} = await withKey();
  const {code, err} = await run('settings', 'default-bot', 'Sandbox-Ecko');
  expect(code).toBe(3);
  expect(err).toContain('Did you mean Sandbox-Echo');
  expect(JSON.parse((await run('settings', '--json')).out).defaultBot).toBeNull();
});

test('settings point-limit requires a browser session', async () => {
  const {run, sandbox} = await withKey();
  const {code, err} = await run('settings', 'point-limit', '100');
  expect(code).toBe(4);
  expect(err).toContain('This requires a browser session');
  expect(sandbox.requests).toEqual([]);
});

test('settings prints balance, grants and dollars', async () => {
  const {run} = await withKey();
  const {out} = await run('settings');
  expect(out).toBe(
    'Default bot\t\nPoints left\t2640\nOf the plan\t2400\nAdd-on\t240\nValue\t0.0801\nDaily grant\t3000\n' +
      'Next daily grant\t2027-01-01T00:00:00.000Z\nMonthly grant\t0\nNext monthly grant\t\nAuto-recharge\ton\nEmail\t\n',
  );
});

test.each<[fields: object | null, shown: string]>([
  [{enabled: true, status: 'active'}, 'on: buys points'],
  [
    {enabled: true, threshold_points: 500, refill_points: 333_000, refill_usd: '10.00'},
    'on: buys 333,000 points for $10 when fewer than 500 points are left',
  ],
  [{enabled: true, threshold_usd: '0.5', refill_usd: '10.00'}, 'on: buys points for $10 when less than $0.50 is left'],
  [
    {enabled: true, status: 'payment_failed', last_recharge_failure_time: 1},
    'on (payment_failed): buys points; last failed',
  ],
  [{enabled: false, last_recharge_failure_time: 1_780_000_000_000_000}, 'off; last failed'],
])('on a terminal, settings shows auto-recharge %j', async (fields, shown) => {
  const {sandbox, configDir} = await withKey();
  const auto_recharge = fields;
  const balance = {current_point_balance: 5, plan_points_balance: 4, plan_balance_usd: '0.01', auto_recharge};
  sandbox.faults.respondOnce({path: '/usage/current_balance'}, {status: 200, body: JSON.stringify(balance)});
  const key = {POE_VIA: 'api', POE_API_KEY: sandbox.apiKey, NO_COLOR: '1'};
  const all = {...sandbox.env, ...key, POE_CONFIG_DIR: configDir};
  const {out} = await runOnTerminal(['settings'], all, {columns: 200});
  expect(out).toContain(shown);
  expect(out).toMatch(/Of the plan +4 points \(\$0\.01\)\n/);
});

test('whoami names the owner of the key, or the email address where Poe does not know /v1/whoami', async () => {
  const {run, sandbox} = await withKey();
  expect((await run('whoami')).out).toBe('Logged in as Sandbox (@sandbox) with an API key (profile default)\n');
  expect(JSON.parse((await run('whoami', '--json')).out)).toEqual(ownerOfKey);
  for (const status of [404, 405, 500]) {
    // A 500 is repeated once.
    for (let time = 0; time < (status === 500 ? 2 : 1); time++) {
      sandbox.faults.respondOnce({path: '/v1/whoami'}, {status, body: '{"error":{"message":"no"}}'});
    }
    expect((await run('whoami')).out).toBe('Logged in with an API key (profile default)\n');
  }
  sandbox.faults.respondOnce({path: '/v1/whoami'}, {status: 401, body: '{"error":{"message":"no"}}'});
  expect((await run('whoami')).code).toBe(4);
});

test('usage --list shows each charge with its tokens, and settings what Poe buys by itself', async () => {
  const {run} = await withKey({pace: 0});
  await run('send', '-b', 'claude-sonnet-4.6', 'hello');
  const {out} = await run('usage', '--list', '--since', '1h', '--json');
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line): {key: string} => JSON.parse(line));
  expect(rows.find(({key}) => key === 'sandbox')).toMatchObject({
    bot: 'claude-sonnet-4.6',
    type: 'API',
    key: 'sandbox',
    tokens: {input: 2, output: 4, cached: null},
  });
  expect((await run('usage', '--list', '--csv')).out).toMatch(
    /^time,bot,points,usd,input,output,cached,key,chat\r\n(?:.*\r\n)?.*,claude-sonnet-4.6,\d+,[\d.]+,2,4,,sandbox,hello\r\n/,
  );
  expect((await run('usage', '--by', 'month')).out).toMatch(/^\d{4}-\d{2}\t\d+\t/);
  expect((await run('usage', '--by', 'chat')).code).toBe(0);
  expect((await run('settings')).out).toMatch(/^Auto-recharge\ton$/m);
});

test.each([
  [403, 1, 'Your plan may not include it.'],
  [500, 6, "Poe's API failed (HTTP 500: no)\n     Try again in a minute."],
])('HTTP %i for a request that is no message does not blame a message or its bot', async (status, code, text) => {
  const {run, sandbox} = await withKey();
  const path = '/usage/current_balance';
  sandbox.faults.respondAlways({path}, {status, body: '{"error":{"message":"no"}}'});
  const outcome = await run('settings');
  expect(outcome).toEqual({code, out: '', err: expect.stringContaining(text)});
  expect(outcome.err).not.toMatch(/message|bot/);
});

test('-v shows the id of a request that failed', async () => {
  const {run} = await withKey({pace: 0});
  expect((await run('send', '-v', '-b', 'veo-9', '--protocol', 'openai', 'hello')).err).toMatch(
    /chat\/completions: 404 \(req_poe_[0-9a-f]{32}\)/,
  );
});
