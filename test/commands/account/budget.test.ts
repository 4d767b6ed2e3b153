import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {countSends, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

/* On site version 2025-03, a message to Sandbox-Count costs 2 points and one to gemini-2.0-flash 5. */

const budgetOf = (out: string): unknown => JSON.parse(out);

test('a budget is set, shown and cleared, for each profile', async () => {
  const {run} = await withSandbox();
  expect((await run('budget', '--json')).out).toBe('null\n');
  expect((await run('budget')).out).toBe('No budget is set. To set one: poe budget set 5000/day\n');
  expect(budgetOf((await run('budget', 'set', '5,000/day', '--json')).out)).toEqual({
    limit: 5000,
    period: 'day',
    spent: 0,
    left: 5000,
    resetsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({limit: 5000, period: 'day'});
  expect((await run('budget', '--profile', 'other', '--json')).out).toBe('null\n');
  expect((await run('budget', 'set', '20000/month')).out).toContain('Budget\t20000\n');
  expect((await run('budget', 'clear')).out).toBe('No budget is set. To set one: poe budget set 5000/day\n');
  expect((await run('budget', '--json')).out).toBe('null\n');
});

test.each(['5000', '0/day', '-1/day', '5000/week', '1.5/day', 'much/day'])('%s is not a budget', async (value) => {
  const {run} = await withSandbox();
  expect(await run('budget', 'set', '--', value)).toMatchObject({code: 2, out: ''});
});

test('a message that would exceed the budget is not sent', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  await run('budget', 'set', '12/day');
  expect((await run('send', '-b', 'gemini-2.0-flash', '2x2?')).code).toBe(0);
  expect((await run('retry', 'last')).code).toBe(0);
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({spent: 10, left: 2});
  const sends = countSends(sandbox);
  const refused = await run('send', '-b', 'gemini-2.0-flash', '2x2?');
  expect(refused).toEqual({
    code: 5,
    out: '',
    err: expect.stringContaining(
      'A message to gemini-2.0-flash costs 5 points, but 2 of your 12 points a day are left',
    ),
  });
  expect(refused.err).toContain('poe budget set');
  expect((await run('retry', 'last')).code).toBe(5);
  expect(countSends(sandbox)).toBe(sends);
  // A cheaper bot still fits.
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 2')).code).toBe(0);
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({spent: 12, left: 0});
});

test('newer sites show prices in a price list, which a budget reads', async () => {
  const {run} = await withSandbox();
  await run('budget', 'set', '7/day');
  expect((await run('send', '-b', 'gemini-2.0-flash', '2x2?')).code).toBe(0);
  expect((await run('send', '-b', 'gemini-2.0-flash', '2x2?')).err).toContain('costs 5 points, but 2 of your 7');
});

test('a message that Poe rejects does not count', async () => {
  const {run} = await withSandbox();
  await run('budget', 'set', '100/day');
  expect((await run('send', '-b', 'Sandbox-Broke', 'hello')).code).toBe(5);
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({spent: 0, left: 100});
});

test('with a key, the cost of a reply is estimated from its tokens', async () => {
  const {run} = await withKey();
  await run('budget', 'set', '1000/day');
  expect((await run('send', '-b', 'claude-sonnet-4.6', 'hello')).code).toBe(0);
  const {spent} = JSON.parse((await run('budget', '--json')).out);
  expect(spent).toBeGreaterThan(0);
  // Less than the 2,000 tokens that are set aside for a reply.
  expect(spent).toBeLessThan(300);
  await run('budget', 'set', '100/day');
  expect((await run('send', '-b', 'claude-sonnet-4.6', 'hello')).err).toContain('costs about');
  expect((await run('send', '-b', 'claude-sonnet-4.6', '--max-tokens', '20', 'hello')).code).toBe(0);
});

test('a budget counts what bots without a price have cost, as the points history shows it', async () => {
  const {run, sandbox} = await withKey();
  await run('budget', 'set', '40/day');
  const readings = () => sandbox.requests.filter(({path}) => path.startsWith('/usage/points_history')).length;
  expect((await run('send', '-b', 'Sandbox-Echo', 'one')).code).toBe(0);
  expect(readings()).toBe(0);
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({spent: 17, left: 23});
  expect(readings()).toBe(1);
  expect((await run('send', '-b', 'Sandbox-Echo', 'two')).code).toBe(0);
  expect(await run('send', '-b', 'Sandbox-Echo', 'three')).toMatchObject({
    code: 5,
    err: expect.stringContaining('costs about 17 points, but 6 of your 40 points a day are left'),
  });
  expect(readings()).toBe(1);
});

test('a message is sent although the costs of earlier ones cannot be read', async () => {
  const {run, sandbox} = await withKey();
  await run('budget', 'set', '40/day');
  await run('send', '-b', 'Sandbox-Echo', 'one');
  sandbox.faults.respondAlways({path: '/usage/points_history'}, {status: 500, body: '{}'});
  expect(await run('send', '-b', 'Sandbox-Echo', 'two')).toEqual({code: 0, out: 'two\n', err: ''});
});

// Poe is given five seconds to show the costs.
test('Ctrl-C ends the wait for the costs of earlier messages', async () => {
  const {run, runWith, sandbox} = await withKey();
  await run('budget', 'set', '40/day');
  await run('send', '-b', 'Sandbox-Echo', 'one');
  sandbox.faults.respondAlways({path: '/usage/points_history'}, 'silence');
  const stop = new AbortController();
  const sent = runWith({signal: stop.signal}, 'send', '-b', 'Sandbox-Echo', 'two');
  await vi.waitFor(() => expect(sandbox.requests.at(-1)?.path).toContain('/usage/points_history'));
  const stoppedAt = performance.now();
  stop.abort();
  expect(await sent).toMatchObject({code: 130, out: ''});
  expect(performance.now() - stoppedAt).toBeLessThan(3_000);
});

test('without a budget, a send appends what it knows about the cost to a private file, and opens no database', async () => {
  const {run, configDir} = await withSandbox();
  await run('send', '-b', 'gemini-2.0-flash', '--info', '2x2?');
  const folder = join(configDir, 'ledger', 'default');
  const [file, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(statSync(join(folder, String(file))).mode & 0o777).toBe(0o600);
  const lines = readFileSync(join(folder, String(file)), 'utf8')
    .trimEnd()
    .split('\n');
  expect(JSON.parse(String(lines.at(-1)))).toMatchObject({
    via: 'web',
    bot: 'gemini-2.0-flash',
    points: 5,
    isEstimate: false,
  });
  // The sandbox of one command stores nothing.
  await run('send', '--sandbox', '--profile', 'other', '-b', 'gemini-2.0-flash', '2x2?');
  expect(existsSync(join(configDir, 'ledger', 'other'))).toBe(false);
  // A budget that is set later counts it.
  await run('budget', 'set', '100/day');
  expect(budgetOf((await run('budget', '--json')).out)).toMatchObject({spent: 5});
});

test('an expensive message that may make Poe buy points is preceded by a note, on a terminal', async () => {
  const {sandbox, configDir, run} = await withKey({pace: 0});
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const send = ['send', '-b', 'claude-sonnet-4.6', 'word '.repeat(15_500)];
  const {out, err} = await runOnTerminal(send, env);
  const text = (out + err).replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/Auto-recharge is on\. This message costs about 2,\d{3} of your 2,640 points/);
  const asked = () => sandbox.requests.filter(({path}) => path === '/usage/current_balance').length;
  expect(asked()).toBe(1);
  await runOnTerminal(['send', '-b', 'claude-sonnet-4.6', 'hello'], env);
  await run(...send);
  expect(asked()).toBe(1);
  // On poe.com, if the price list of the bot was read before.
  const both = {...sandbox.env, ...env, POE_VIA: 'web'};
  await runOnTerminal(['bot-info', 'GPT-4.5-Preview'], both);
  const onSite = await runOnTerminal(['send', '-b', 'GPT-4.5-Preview', 'hello'], both);
  expect((onSite.out + onSite.err).replaceAll(/\s+/g, ' ')).toContain('This message costs about 4,200 of your 2,640');
});

test('a reply in a chat that names no bot can be regenerated with a budget, and its price is unknown', async () => {
  const {run, sandbox} = await withSandbox();
  await run('send', '-b', 'gemini-2.0-flash', '2x2?');
  await run('budget', 'set', '100/day');
  for (const field of ['bot', 'defaultBotObject']) sandbox.faults.dropField(field);
  expect(await run('retry', 'last')).toEqual({code: 0, out: '2 × 2 = 4\n', err: ''});
  expect(await run('retry', 'last', '--max-points', '50')).toMatchObject({
    code: 5,
    err: expect.stringContaining('Poe does not show the price of the bot, so it cannot be checked against the limit'),
  });
});
