import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import type {ChannelEvent} from '../../src/core/web/live/frame.js';
import {readFrame} from '../../src/core/web/live/frame.js';
import {ReplyTracker} from '../../src/core/web/send/reply-tracker.js';

/* Whatever order the channel tells things in, the reply ends with the bot's last text. */

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
const written = (text: string, state: string) =>
  event('messageAdded', {messageId: botMessageId, text, state, author: 'b'});

/** What belongs to others: another chat's messages, jobs and cancellation, the turn before this one, a second message of the bot. */
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
  event('unheardOf', {messageId: botMessageId, text: 'odd'}),
);

const cleanText = fc.string({minLength: 1, maxLength: 40, unit: 'grapheme'});

/** Texts that grow, with the whole at the end; some are told twice, some are left out (a gap). */
const stories = fc
  .record({
    whole: cleanText,
    cuts: fc.array(fc.nat({max: 40}), {maxLength: 8}),
    strangers: fc.array(fc.tuple(fc.nat({max: 30}), foreign), {maxLength: 8}),
    places: fc.record({
      echo: fc.nat({max: 30}),
      title: fc.nat({max: 30}),
      job: fc.nat({max: 30}),
      aim: fc.nat({max: 30}),
    }),
    isBotKnown: fc.boolean(),
    gaps: fc.array(fc.nat({max: 30}), {maxLength: 3}),
  })
  .map(({whole, cuts, strangers, places, isBotKnown, gaps}) => {
    const growing = cuts.toSorted((a, b) => a - b).map((cut) => written(whole.slice(0, cut), 'incomplete'));
    const events = [...growing, written(whole, 'complete')];
    const put = (place: number, one: ChannelEvent) => events.splice(place % (events.length + 1), 0, one);
    put(places.echo, echo);
    put(places.title, title);
    put(places.job, jobDone);
    for (const [place, one] of strangers) put(place, one);
    return {whole, events, isBotKnown, gaps, aimAt: places.aim % (events.length + 1)};
  });

const runs = {numRuns: 2_000};

test('in every order of events the text is right at the end', () => {
  fc.assert(
    fc.property(stories, ({whole, events, isBotKnown, gaps, aimAt}) => {
      const follower = new ReplyTracker(clientNonce);
      for (const [index, one] of [...events, undefined].entries()) {
        if (index === aimAt) follower.track({chatId, userMessageId, ...(isBotKnown && {botMessageId})});
        if (gaps.includes(index)) follower.gap();
        if (one) follower.event(one);
      }
      expect(follower.snapshot).toMatchObject({text: whole, state: 'complete', messageId: botMessageId, title: 'T'});
    }),
    runs,
  );
});

test('what is told twice, or again from an earlier place, changes nothing', () => {
  fc.assert(
    fc.property(stories, fc.nat(), ({whole, events}, from) => {
      const follower = new ReplyTracker();
      follower.track({chatId, userMessageId, botMessageId});
      for (const one of [...events, ...events.slice(from % events.length), ...events]) follower.event(one);
      expect(follower.snapshot).toMatchObject({text: whole, state: 'complete'});
    }),
    runs,
  );
});

test('of two messages of the bot for one send, the first is the reply', () => {
  fc.assert(
    fc.property(cleanText, cleanText, fc.boolean(), (first, second, isBotKnown) => {
      const follower = new ReplyTracker();
      follower.track({chatId, userMessageId, ...(isBotKnown && {botMessageId})});
      follower.event(written(first, 'incomplete'));
      follower.event(event('messageAdded', {messageId: 13, text: second, state: 'complete', author: 'b'}));
      follower.event(written(first, 'complete'));
      expect(follower.snapshot).toMatchObject({text: first, messageId: botMessageId});
    }),
  );
});

/** A generator of its own that repeats: 100,000 frames by fast-check take too long to make. */
function randomly(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('100,000 frames of all kinds of nonsense: no crash, no hang, and no more memory than a few thousand events', () => {
  const upTo = randomly(7);
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
  const nonsense = (): unknown =>
    Object.fromEntries(Array.from({length: upTo(6)}, () => [pick(keys), upTo(9) ? pick(values) : upTo(1e9)]));
  const frame = (): string => {
    const messages = Array.from({length: upTo(4)}, () => {
      const name = pick(names) ?? '';
      const inner = {
        message_type: pick(['subscriptionUpdate', 'refetchChannel', 5]),
        payload: {
          unique_id: `${name}:${pick(['77', '5', '', 'a', upTo(1e6)])}`,
          subscription_name: name,
          data: {[name]: upTo(5) ? nonsense() : pick(values)},
        },
      };
      return upTo(4) ? JSON.stringify(inner) : upTo(2) ? inner : pick(values);
    });
    const whole = JSON.stringify({
      messages: upTo(20) ? messages : pick(values),
      min_seq: pick(values),
      error: pick(values),
    });
    return upTo(5) ? whole : whole.slice(0, upTo(whole.length));
  };
  const aimed = new ReplyTracker();
  aimed.track({chatId, userMessageId});
  const aimless = new ReplyTracker(clientNonce);
  let read = 0;
  for (let count = 0; count < 100_000; count++) {
    const {events = []} = readFrame(frame()) ?? {};
    read += events.length;
    for (const one of events) {
      aimed.event(one);
      aimless.event(one);
    }
  }
  expect(read).toBeGreaterThan(50_000);
  expect(aimless.bufferedCount).toBeLessThanOrEqual(2_000);
  expect(typeof aimed.snapshot.text).toBe('string');
});
