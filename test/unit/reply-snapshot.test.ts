import * as v from 'valibot';
import {expect, test} from 'vitest';
import {Message} from '../../src/core/model.js';
import {emptySnapshot, reduce, resolveFallback} from '../../src/core/web/send/follow/reply-snapshot.js';

const text = (of: string, state = 'incomplete') => ({type: 'text', text: of, state, stateText: null}) as const;
const message = (fields: object) => v.parse(Message, {messageId: 12, text: '', state: 'incomplete', ...fields});

test('texts replace each other, but an earlier beginning of the text is ignored', () => {
  const snapshot = [text('One'), text('One two'), text('One')].reduce(reduce, emptySnapshot);
  expect(snapshot.text).toBe('One two');
  expect(reduce(snapshot, text('Another')).text).toBe('Another');
});

test('an unfinished text after the end is ignored', () => {
  const ended = reduce(emptySnapshot, text('All', 'complete'));
  expect(reduce(ended, text('All and more'))).toEqual(ended);
});

test('a shorter text that ends the reply counts', () => {
  expect([text('One two'), text('One', 'complete')].reduce(reduce, emptySnapshot)).toMatchObject({
    text: 'One',
    state: 'complete',
  });
});

test('a message without code, attachments or suggestions keeps the earlier ones', () => {
  const attachments = [{name: 'a', url: null, file: null}];
  const first = message({messageCode: 'm12', attachments, suggestedReplies: ['More?']});
  const snapshot = [first, message({text: 'a'})].reduce(
    (before, each) => reduce(before, {type: 'message', message: each}),
    emptySnapshot,
  );
  expect(snapshot).toMatchObject({
    messageId: 12,
    messageCode: 'm12',
    text: 'a',
    attachments: [{name: 'a'}],
    suggestedReplies: ['More?'],
  });
});

test('a cancellation ends a reply that has not ended', () => {
  expect(reduce(emptySnapshot, {type: 'cancelled'}).state).toBe('cancelled');
  expect(reduce(reduce(emptySnapshot, text('a', 'complete')), {type: 'cancelled'}).state).toBe('complete');
});

test('an empty reply falls back to a later message of the bot, unless the user has sent another message', () => {
  const later = message({messageId: 13, text: 'b'});
  const snapshot = reduce(emptySnapshot, {type: 'later_reply', message: later});
  expect(resolveFallback(snapshot)).toEqual({type: 'message', message: later});
  expect(resolveFallback(reduce(snapshot, {type: 'later_user_message'}))).toBeUndefined();
  expect(resolveFallback(reduce(snapshot, text('a')))).toBeUndefined();
});

test('a text without a state is complete when the job is done', () => {
  expect(resolveFallback({...emptySnapshot, text: 'a', state: ''})).toEqual({type: 'ended', state: 'complete'});
});
