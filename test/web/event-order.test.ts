import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import type {ChannelEvent} from '../../src/core/web/live/frame.js';
import {openFrame} from '../../src/core/web/live/frame.js';
import {ReplyTracker} from '../../src/core/web/send/follow/reply-tracker.js';

/* In any order of events, the reply ends with the bot's last text. */

const chatId = 77;
const userMessageId = 11;
const botMessageId = 12;
const clientNonce = 'nonceOfThisSend1';

const event = (name: string, data: object, chat = chatId): ChannelEvent => ({name, chatId: chat, data});
const echo = event('messageAdded', {
  messageId: userMessageId,
  text: 'q',
  state: 'complete',
  author: 'human',
  clientNonce,
});
const title = event('chatTitleUpdated', {title: 'T'});
const jobDone = event('jobUpdated', {jobId: 9, state: 'complete'});
const botMessage = (text: string, state: string) =>
  event('messageAdded', {messageId: botMessageId, text, state, author: 'b'});

/** Unrelated events: of another chat, of the turn before, unreadable, unknown. */
const foreign = fc.constantFrom(
  event('messageAdded', {messageId: 99, text: 'elsewhere', state: 'complete', author: 'b'}, 5),
  event('messageCancelled', {messageId: 99}, 5),
  event('messageCancelled', {}, 5),
  event('jobUpdated', {jobId: 1, state: 'complete'}, 5),
  event('chatTitleUpdated', {title: 'elsewhere'}, 5),
  event('messageAdded', {messageId: 10, text: 'the turn before', state: 'complete', author: 'b'}),
  event('messageCancelled', {messageId: 10}),
  event('messageTextUpdated', {messageId: 10, text: 'the turn before'}),
  event('messageAdded', {messageId: 'odd', text: 5}),
  event('unknown', {messageId: botMessageId, text: 'odd'}),
);

const cleanText = fc.string({minLength: 1, maxLength: 40, unit: 'grapheme'});

/** Texts that grow to the complete one, mixed with other events and gaps. */
const stories = fc
  .record({
    text: cleanText,
    cuts: fc.array(fc.nat({max: 40}), {maxLength: 8}),
    unrelated: fc.array(fc.tuple(fc.nat({max: 30}), foreign), {maxLength: 8}),
    places: fc.record({
      echo: fc.nat({max: 30}),
      title: fc.nat({max: 30}),
      job: fc.nat({max: 30}),
      target: fc.nat({max: 30}),
    }),
    isBotKnown: fc.boolean(),
    gaps: fc.array(fc.nat({max: 30}), {maxLength: 3}),
  })
  .map(({text, cuts, unrelated, places, isBotKnown, gaps}) => {
    const growing = cuts.toSorted((a, b) => a - b).map((cut) => botMessage(text.slice(0, cut), 'incomplete'));
    const events = [...growing, botMessage(text, 'complete')];
    const put = (place: number, one: ChannelEvent) => events.splice(place % (events.length + 1), 0, one);
    put(places.echo, echo);
    put(places.title, title);
    put(places.job, jobDone);
    for (const [place, one] of unrelated) put(place, one);
    return {text, events, isBotKnown, gaps, targetAt: places.target % (events.length + 1)};
  });

const runs = {numRuns: 2_000};

test('the text is right at the end, in any order of events', () => {
  fc.assert(
    fc.property(stories, ({text, events, isBotKnown, gaps, targetAt}) => {
      const tracker = new ReplyTracker(clientNonce);
      for (const [index, one] of [...events, undefined].entries()) {
        if (index === targetAt) tracker.track({chatId, userMessageId, ...(isBotKnown && {botMessageId})});
        if (gaps.includes(index)) tracker.gap();
        if (one) tracker.event(one);
      }
      expect(tracker.snapshot).toMatchObject({text, state: 'complete', messageId: botMessageId, title: 'T'});
    }),
    runs,
  );
});

test('events that arrive again change nothing', () => {
  fc.assert(
    fc.property(stories, fc.nat(), ({text, events}, from) => {
      const tracker = new ReplyTracker();
      tracker.track({chatId, userMessageId, botMessageId});
      for (const one of [...events, ...events.slice(from % events.length), ...events]) tracker.event(one);
      expect(tracker.snapshot).toMatchObject({text, state: 'complete'});
    }),
    runs,
  );
});

test('of two messages of the bot, the first is the reply', () => {
  fc.assert(
    fc.property(cleanText, cleanText, fc.boolean(), (first, second, isBotKnown) => {
      const tracker = new ReplyTracker();
      tracker.track({chatId, userMessageId, ...(isBotKnown && {botMessageId})});
      tracker.event(botMessage(first, 'incomplete'));
      tracker.event(event('messageAdded', {messageId: 13, text: second, state: 'complete', author: 'b'}));
      tracker.event(botMessage(first, 'complete'));
      expect(tracker.snapshot).toMatchObject({text: first, messageId: botMessageId});
    }),
  );
});

/** A fast generator with a seed: fast-check takes too long for so many frames. */
function randomIntegers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('20,000 malformed frames cause no crash, no hang, and buffer at most 2,000 events', () => {
  const upTo = randomIntegers(7);
  const names = [
    'messageAdded',
    'messageTextUpdated',
    'messageStateUpdated',
    'messageCancelled',
    'chatTitleUpdated',
    'jobUpdated',
    '__proto__',
    'constructor',
    'x',
  ];
  const values: readonly unknown[] = [
    null,
    0,
    -1,
    12,
    1e300,
    '',
    'text',
    '12',
    true,
    [],
    {},
    [[]],
    {toString: 1},
    '\u0000\uD800',
    'error_x',
    'incomplete',
  ];
  const pick = <T>(from: readonly T[]): T | undefined => from[upTo(from.length)];
  const keys = [
    'messageId',
    'text',
    'state',
    'author',
    'clientNonce',
    'title',
    'attachments',
    'bot',
    'suggestedReplies',
    '__proto__',
  ];
  const malformed = (): unknown =>
    Object.fromEntries(Array.from({length: upTo(6)}, () => [pick(keys), upTo(9) ? pick(values) : upTo(1e9)]));
  const frame = (): string => {
    const messages = Array.from({length: upTo(4)}, () => {
      const name = pick(names) ?? '';
      const inner = {
        message_type: pick(['subscriptionUpdate', 'refetchChannel', 5]),
        payload: {
          unique_id: `${name}:${pick(['77', '5', '', 'a', upTo(1e6)])}`,
          subscription_name: name,
          data: {[name]: upTo(5) ? malformed() : pick(values)},
        },
      };
      return upTo(4) ? JSON.stringify(inner) : upTo(2) ? inner : pick(values);
    });
    const json = JSON.stringify({
      messages: upTo(20) ? messages : pick(values),
      min_seq: pick(values),
      error: pick(values),
    });
    return upTo(5) ? json : json.slice(0, upTo(json.length));
  };
  const tracking = new ReplyTracker();
  tracking.track({chatId, userMessageId});
  const waiting = new ReplyTracker(clientNonce);
  let eventCount = 0;
  for (let count = 0; count < 20_000; count++) {
    const {events = []} = openFrame(frame())?.() ?? {};
    eventCount += events.length;
    for (const one of events) {
      tracking.event(one);
      waiting.event(one);
    }
  }
  expect(eventCount).toBeGreaterThan(10_000);
  expect(waiting.bufferedCount).toBeLessThanOrEqual(2_000);
  expect(typeof tracking.snapshot.text).toBe('string');
});
