import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';

test('settings --json prints the account, with ISO times', async () => {
  const {run} = await withSandbox();
  const {code, out} = await run('settings', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    uid: 659_168_979,
    defaultBot: {displayName: 'Assistant', botId: 3002, id: expect.any(String)},
    messagePointInfo: {
      messagePointResetTime: '2025-03-25T00:04:39.000Z',
      messagePointBalance: 1827,
      totalMessagePointAllotment: 3000,
      allChatDefaultPointPriceThresholdPerMessage: 500,
    },
    primaryPhoneNumber: null,
    primaryEmail: 'sandbox@poe.example',
    confirmedEmails: ['sandbox@poe.example'],
    hasActiveSubscription: false,
    enableGtmEventSending: true,
    viewerCountryCode: 'NL',
    globalContextOptimizationStatus: true,
    enableGlobalContextOptimization: true,
    hasUnreadMessage: false,
  });
});

test('a message reduces the points by its cost', async () => {
  const {run} = await withSandbox();
  await run('send', '-b', 'Sandbox-Count', 'one');
  const {out} = await run('settings');
  expect(out).toContain('Points left\t1825\n');
});

test('default-bot accepts a handle in any letter case, or an id', async () => {
  const {run} = await withSandbox();
  const byHandle = await run('settings', 'default-bot', 'sandbox-echo', '--json');
  expect(JSON.parse(byHandle.out).defaultBot.displayName).toBe('Sandbox-Echo');
  expect((await run('send', 'hello')).out).toBe('hello\n');
  const byNumber = await run('settings', 'default-bot', '3002', '--json');
  expect(JSON.parse(byNumber.out).defaultBot).toMatchObject({botId: 3002});
  expect((await run('settings', 'default-bot', 'gemni-2.0-flash')).code).toBe(3);
});

test('point-limit sets the maximum cost of a message', async () => {
  const {run, sandbox} = await withSandbox();
  const {out} = await run('settings', 'point-limit', '420', '--json');
  expect(JSON.parse(out).messagePointInfo.allChatDefaultPointPriceThresholdPerMessage).toBe(420);
  const request = sandbox.requests.find(({queryName}) => queryName?.includes('PriceThreshold'));
  expect(request?.variables).toEqual({priceThresholdInPoints: '420'});
  expect((await run('settings', 'point-limit', 'much')).code).toBe(2);
});
