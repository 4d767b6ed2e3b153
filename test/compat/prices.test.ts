import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {countSends, withSandbox} from '../support/harness.js';

/* Site version 2025-03 publishes the price of a message to each bot, and checks the price that a request names. */

const withPrices = () => withSandbox({site: '2025-03'});

const response = (data: object) => ({
  status: 200,
  body: JSON.stringify({data}),
  headers: {'Content-Type': 'application/json'},
});

test('bot-info and explore show the price', async () => {
  const {run} = await withPrices();
  const {out} = await run('bot-info', 'claude-3.7-sonnet-reasoning', '--json');
  expect(JSON.parse(out)).toMatchObject({displayMessagePointPrice: 123});
  expect((await run('bot-info', 'gpt-4o-mini')).out).toContain('Price\t15\n');
  const list = await run('explore', 'gemini-2.0-flash', '-n', '1');
  expect(list).toEqual({code: 0, out: 'gemini-2.0-flash\t5\tA quick model for everyday questions.\n', err: ''});
});

test('the library returns the price', async () => {
  const {sandbox} = await withPrices();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  expect((await poe.bots.info('gpt-4o-mini')).displayMessagePointPrice).toBe(15);
});

test('a price that changed since it was read is corrected once', async () => {
  const {run, sandbox} = await withPrices();
  const outdated = {bot: {botId: 1, handle: 'Sandbox-Count', messagePointLimit: {displayMessagePointPrice: 1}}};
  sandbox.faults.respondOnce({operation: 'botInfo'}, response(outdated));
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 2')).out).toBe('1 2\n');
  expect(countSends(sandbox)).toBe(2);
});

test('send and retry with --max-points are refused if the bot costs more, and cost nothing', async () => {
  const {run, sandbox} = await withPrices();
  await run('send', '-b', 'Sandbox-Count', 'count to 3');
  const {points} = sandbox.world.viewer;
  const tooExpensive = {code: 5, out: '', err: expect.stringContaining('costs 2 points, more than the limit of 1')};
  expect(await run('retry', 'last', '--max-points', '1')).toEqual(tooExpensive);
  expect(await run('send', '-b', 'Sandbox-Count', '--max-points', '1', 'one')).toEqual(tooExpensive);
  expect(sandbox.world.viewer.points).toBe(points);
});

test('send and retry with --max-points run if the bot does not cost more', async () => {
  const {run, sandbox} = await withPrices();
  const {points} = sandbox.world.viewer;
  expect((await run('send', '-b', 'Sandbox-Count', '--max-points', '2', 'one')).code).toBe(0);
  expect((await run('retry', 'last', '--max-points', '2')).code).toBe(0);
  expect(sandbox.world.viewer.points).toBe(points - 4);
});

test('--max-points also limits a price that Poe raises while the message is sent', async () => {
  const {run, sandbox} = await withPrices();
  const raised = {
    messageEdgeCreate: {
      status: 'message_points_display_price_mismatch',
      bot: {messagePointLimit: {displayMessagePointPrice: 900}},
    },
  };
  sandbox.faults.respondOnce({operation: 'sendMessage'}, response(raised));
  const {code, err} = await run('send', '-b', 'Sandbox-Count', '--max-points', '50', 'one');
  expect({code, err}).toEqual({code: 5, err: expect.stringContaining('costs 900 points, more than the limit of 50')});
  expect(countSends(sandbox)).toBe(1);
});

test('a message without enough points is refused before it is stored, and attach does not mention it', async () => {
  const {run} = await withPrices();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect(await run('send', '-b', 'Sandbox-Broke', 'count to 6')).toMatchObject({code: 5, out: ''});
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2\n', err: ''});
});

test('a retry without enough points is refused and keeps the reply', async () => {
  const {run, sandbox} = await withPrices();
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  sandbox.world.viewer.points = 1;
  expect(await run('retry', 'last')).toMatchObject({code: 5, out: ''});
  expect((await run('attach', 'last')).out).toBe('1 2\n');
});
