import {expect, onTestFinished, test} from 'vitest';
import {ListedPrices} from '../../../src/context/spending/listed-prices.js';
import {pricePerMessage} from '../../../src/core/spending/point-prices.js';
import {memoryPrices} from '../../../src/core/spending/price-cache.js';
import {connect, type PriceProgress} from '../../../src/index.js';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {operationName, operationsOf, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

test("with a browser session, bot-info shows Poe's price list if the bot shows no price", async () => {
  const {run} = await withSandbox();
  expect((await run('bot-info', 'gemini-2.0-flash')).out).toContain('Price\tBot message: 5 points / message\n');
  const {rateCard} = JSON.parse((await run('bot-info', 'gemini-2.0-flash', '--json')).out);
  expect(rateCard).toContain('| Bot message | 5 points / message |');
});

test('a price list that cannot be read leaves the price unknown', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways(
    {operation: 'rateCard'},
    {status: 200, body: '{"data":null,"errors":[{"message":"no"}]}'},
  );
  const {code, out} = await run('bot-info', 'gemini-2.0-flash', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({displayMessagePointPrice: null, rateCard: null});
  const refused = await run('send', '-b', 'gemini-2.0-flash', '--max-points', '50', 'hello');
  expect(refused.err).toContain('Poe does not show the price of gemini-2.0-flash');
});

test('with a limit and a budget, a send requests the bot and its price list once, and does not wait for the channel', async () => {
  const {run, sandbox} = await withSandbox();
  await run('budget', 'set', '100/day');
  const send = ['send', '-b', 'gemini-2.0-flash', '--max-points', '50', '2x2?'];
  expect((await run(...send)).code).toBe(0);
  expect(rateCards(sandbox)).toBe(1);
  expect(operationsOf(sandbox).filter((name) => name === operationName('botInfo'))).toHaveLength(1);
  sandbox.faults.refuseSockets();
  expect(await run(...send, '--max-points', '1')).toMatchObject({
    code: 5,
    err: expect.stringContaining('costs 5 points, more than the limit of 1'),
  });
});

test('with a key, bot-info shows prices in dollars and points, and unknown prices as unknown', async () => {
  const {run} = await withKey();
  const {out} = await run('bot-info', 'claude-sonnet-4.6');
  expect(out).toContain('Price\t$2.6 in, $13 out\n');
  expect(out).toContain('In points\t86.6 in, 433 out\n');
  expect(out).toContain('Cached input\t$0.26 to read, $3.2 to write per million tokens\n');
  // Once the balance is known, by what it is worth: 2,640 points are $0.0801.
  await run('settings');
  expect((await run('bot-info', 'claude-sonnet-4.6')).out).toContain('In points\t85.7 in, 428 out\n');
});

test('explore --max-price leaves out bots that cost more, and those without a price', async () => {
  const {run} = await withKey();
  const names = async (...flags: string[]) =>
    (await run('explore', '--all', '--sort', 'price', ...flags, '--json')).out
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line): string => JSON.parse(line).handle);
  const cheap = await names('--max-price', '50');
  expect(cheap).toContain('gemini-2.0-flash');
  expect(cheap).not.toContain('claude-sonnet-4.6');
  expect(cheap).not.toContain('Sandbox-Echo');
  expect(await names('--max-price', '100000')).toContain('claude-sonnet-4.6');
  expect(await run('explore', '--max-price', 'cheap')).toMatchObject({code: 2});
});

const rateCards = (sandbox: TestSandbox) =>
  operationsOf(sandbox).filter((name) => name === 'RateCardModalQuery').length;

/** Poe's response with these rows in the price list. */
const card = (...rows: string[]) => ({
  status: 200,
  body: JSON.stringify({data: {botById: {botPricing: {rateMenuMarkdown: rows.join('\n') || null}}}}),
});

test('with a browser session, explore looks prices up only if asked to, and once a day', async () => {
  const {run, sandbox} = await withSandbox();
  const listed = (text: string) => text.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '));
  const unknown = ['Assistant ', 'Claude-3.7-Sonnet-Reasoning ', ''];
  expect(listed((await run('explore', '-n', '2')).out)).toEqual(unknown);
  expect(rateCards(sandbox)).toBe(0);
  sandbox.faults.respondOnce(
    {operation: 'rateCard'},
    card(
      '| Input | $1.14/1M tokens | 38 points/1k tokens |',
      '| Output (text) | $9/1M tokens | 300 points/1k tokens |',
    ),
  );
  const known = ['Assistant 38 in, 300 out per 1k', 'Claude-3.7-Sonnet-Reasoning 123', ''];
  expect(await run('explore', '-n', '2', '--prices')).toMatchObject({out: expect.any(String), err: ''});
  expect(listed((await run('explore', '-n', '2', '--prices')).out)).toEqual(known);
  expect(rateCards(sandbox)).toBe(2);
  const {out} = await run('explore', '-n', '2', '--prices', '--json');
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).pricesPoints),
  ).toEqual([
    {perMessage: null, input: 38, output: 300, perItem: null},
    {perMessage: 123, input: null, output: null, perItem: null},
  ]);
  await run('explore', '-n', '1', '--prices', '--fresh');
  expect(rateCards(sandbox)).toBe(3);
});

test('with a browser session, bots are chosen and sorted by price, and unknown prices are not taken to be free', async () => {
  const {run, sandbox} = await withSandbox();
  const bots = async (...flags: string[]) => {
    const {code, out, err} = await run('explore', ...flags);
    return {code, handles: out.split('\n').flatMap((line) => line.split('\t')[0] || []), err};
  };
  sandbox.faults.respondOnce({operation: 'rateCard'}, card());
  sandbox.faults.respondOnce({operation: 'rateCard'}, card('| Bot message | 0 points / message |'));
  const free = ['Claude-3.7-Sonnet-Reasoning'];
  const leftOut = 'Left out 1 bot, because the price is unknown.\n';
  expect(await bots('--free', '-n', '1')).toEqual({code: 0, handles: free, err: leftOut});
  expect(await bots('claude-3', '--max-price', '30')).toEqual({
    code: 0,
    handles: [...free, 'Claude-3.5-Haiku'],
    err: '',
  });
  const {handles} = await bots('--sort', 'price', '-n', '3');
  expect(handles[0]).toBe(free[0]);
  expect((await bots('--sort', 'context')).err).toContain('Sorting bots by context requires an API key');
});

test('--max-points estimates the highest cost of a message whose tokens have a price', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways(
    {operation: 'rateCard'},
    card('| Input | 38 points/1k tokens |', '| Output (text) | 300 points/1k tokens |'),
  );
  const refused = await run('send', '-b', 'gemini-2.0-flash', '--max-points', '5000', '2x2?');
  expect(refused).toMatchObject({code: 5, out: ''});
  expect(refused.err).toContain('may cost up to 9,601 points (estimate), more than the limit of 5,000');
  expect(refused.err).toContain('Raise --max-points');
  expect((await run('send', '-b', 'gemini-2.0-flash', '--max-points', '10000', '2x2?')).code).toBe(0);
});

test('a site that sends prices with the list needs no price lists', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  const {out, err} = await run('explore', '--sort', 'price', '--max-price', '3', '-n', '2');
  expect({out, err}).toEqual({out: expect.stringMatching(/^\S+\t2\t.*\n\S+\t2\t.*\n$/), err: ''});
  expect(rateCards(sandbox)).toBe(0);
});

test('looking prices up ends at the rate limit of Poe, with --no-prices, and with Ctrl-C', async () => {
  const {run, runWith, sandbox} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'rateCard'}, card('| Bot message | 7 points / message |'));
  sandbox.faults.respondAlways({operation: 'rateCard'}, {status: 429, headers: {'Retry-After': '3600'}});
  const limited = await run('explore', '-n', '4', '--prices');
  expect(limited.out).toMatch(/^\S+\t7\t.*\n\S+\t\t.*\n\S+\t\t.*\n\S+\t\t.*\n$/);
  expect(limited.err).toContain('2 prices were not looked up: Poe limits the number of requests.');
  expect(rateCards(sandbox)).toBe(2);
  const known = await run('explore', 'a', '-n', '1', '--max-price', '10', '--no-prices');
  expect(known.out).toMatch(/^Assistant\t7\t/);
  expect(rateCards(sandbox)).toBe(2);
  sandbox.faults.clear();
  sandbox.faults.respondAlways({operation: 'rateCard'}, 'silence');
  const stop = new AbortController();
  const stopped = await runWith({signal: stop.signal, onOut: () => stop.abort()}, 'explore', '-n', '9', '--prices');
  expect(stopped).toMatchObject({code: 130, out: expect.stringMatching(/^Assistant\t7\t.*\n$/)});
});

test('the chat reads a price list once a day, and tells a list that Poe refuses from the rate limit', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  const {signal} = new AbortController();
  const cache = memoryPrices();
  const prices = new ListedPrices(poe.bots, {cache: async () => cache, minIntervalMs: 0});
  const handles = ['Assistant', 'gemini-2.0-flash', 'Claude-3.5-Haiku', 'Claude-3-Opus'];
  for (const handle of handles) prices.see(await poe.bots.info(handle));
  cache.setPrices('Assistant', pricePerMessage(7));
  expect(await prices.of('Assistant', signal)).toEqual({price: 7, rates: null});
  expect(rateCards(sandbox)).toBe(0);
  expect(await prices.of('gemini-2.0-flash', signal)).toEqual({price: 5, rates: null});
  expect(await prices.of('Gemini-2.0-Flash', signal)).toEqual({price: 5, rates: null});
  expect(rateCards(sandbox)).toBe(1);
  sandbox.faults.respondOnce(
    {operation: 'rateCard'},
    {status: 200, body: JSON.stringify({data: null, errors: [{message: 'This bot is private'}]})},
  );
  expect(await prices.of('Claude-3.5-Haiku', signal)).toEqual({price: null, rates: null});
  sandbox.faults.respondOnce({operation: 'rateCard'}, {status: 429, headers: {'Retry-After': '3600'}});
  await expect(prices.of('Claude-3-Opus', signal)).rejects.toMatchObject({code: 'rate_limited'});
  expect(await prices.of('Claude-3-Opus', signal)).toEqual({price: 1500, rates: null});
});

test('the library lists bots with their prices', async () => {
  const {sandbox} = await withSandbox();
  const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  onTestFinished(() => poe.close());
  const progress: PriceProgress[] = [];
  const options = {
    filter: {maxPrice: 5},
    maxLookUps: 3,
    limit: 2,
    minIntervalMs: 0,
    onPrices: (each: PriceProgress) => void progress.push(each),
  };
  const found: [string, unknown][] = [];
  for await (const {handle, pricesPoints} of poe.bots.explore(undefined, options)) found.push([handle, pricesPoints]);
  expect(found).toEqual([['gemini-2.0-flash', {perMessage: 5, input: null, output: null, perItem: null}]]);
  for await (const {handle} of poe.bots.explore(undefined, {...options, limit: 0})) found.push([handle, 'too many']);
  expect(found).toHaveLength(1);
  expect(progress.at(-1)).toMatchObject({requested: 3, skipped: expect.any(Number), isRateLimited: false});
});
