import {expect, test} from 'vitest';
import {ReplyTracker} from '../../src/core/web/send/follow/reply-tracker.js';

test('a change resolves all pending waits', async () => {
  const tracker = new ReplyTracker();
  const waiting = [1, 2].map(() => tracker.changed(tracker.version, 50_000));
  tracker.gap();
  expect(await Promise.all(waiting)).toEqual([1, 1]);
});

test('of the events before the target was known, the newest of each message counts', () => {
  const tracker = new ReplyTracker();
  const added = (messageId: number, text: string, state = 'incomplete') =>
    tracker.event({name: 'messageAdded', chatId: 7, data: {messageId, text, state, author: 'bot'}});
  added(12, 'old');
  added(3, 'of an earlier turn', 'complete');
  added(12, 'older and newer');
  tracker.event({name: 'chatTitleUpdated', chatId: 7, data: {title: 'Early'}});
  tracker.event({name: 'messageAdded', chatId: 8, data: {messageId: 13, text: 'of another chat', state: 'complete'}});
  tracker.track({chatId: 7, userMessageId: 11});
  expect(tracker.snapshot).toMatchObject({
    messageId: 12,
    text: 'older and newer',
    title: 'Early',
    state: 'incomplete',
  });
});

test('the echo of a message is found by its nonce, within a time limit', async () => {
  const tracker = new ReplyTracker('nonceOfThisSend1');
  expect(await tracker.waitForEcho(1)).toBeUndefined();
  const waiting = tracker.waitForEcho(50_000);
  const data = {messageId: 11, text: 'q', clientNonce: 'nonceOfThisSend1'};
  tracker.event({name: 'messageAdded', chatId: 7, data});
  expect(await waiting).toEqual({chatId: 7, userMessageId: 11});
});
