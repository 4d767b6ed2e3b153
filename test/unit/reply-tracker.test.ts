import {expect, test} from 'vitest';
import {ReplyTracker} from '../../src/core/web/send/reply-tracker.js';

test('everyone who waits for a change is told of it', async () => {
  const follower = new ReplyTracker();
  const waiting = [1, 2].map(() => follower.changed(follower.version, 50_000));
  follower.gap();
  expect(await Promise.all(waiting)).toEqual([1, 1]);
});

test('events of before the aim are gone through, the newest of each message', () => {
  const follower = new ReplyTracker();
  const added = (messageId: number, text: string, state = 'incomplete') =>
    follower.event({name: 'messageAdded', chatId: 7, data: {messageId, text, state, author: 'bot'}});
  added(12, 'old');
  added(3, 'of an earlier turn', 'complete');
  added(12, 'older and newer');
  follower.event({name: 'chatTitleUpdated', chatId: 7, data: {title: 'Early'}});
  follower.event({name: 'messageAdded', chatId: 8, data: {messageId: 13, text: 'of another chat', state: 'complete'}});
  follower.track({chatId: 7, userMessageId: 11});
  expect(follower.snapshot).toMatchObject({
    messageId: 12,
    text: 'older and newer',
    title: 'Early',
    state: 'incomplete',
  });
});
