import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
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

test('with a key, bot-info shows prices in dollars and points, and unknown prices as unknown', async () => {
  const {run} = await withKey();
  const {out} = await run('bot-info', 'claude-sonnet-4.6');
  expect(out).toContain('Price\t$2.6 in, $13 out\n');
  expect(out).toContain('In points\t86.6 in, 433 out\n');
  expect(out).toContain('Cached input\t$0.26 to read, $3.2 to write per million tokens\n');
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
