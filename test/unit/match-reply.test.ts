import * as v from 'valibot';
import {expect, test} from 'vitest';
import {Message} from '../../src/core/model.js';
import {matchEcho, matchEvent, matchMessage} from '../../src/core/web/send/follow/match-reply.js';
import {emptySnapshot} from '../../src/core/web/send/follow/reply-snapshot.js';

const target = {chatId: 7, userMessageId: 11, clientNonce: 'nonceOfThisSend1'};
const bot = {botId: 9, displayName: 'Capy'};
const known = {...emptySnapshot, messageId: 12, text: 'so far'};

const added = (fields: object, chatId: number | undefined = 7) => ({name: 'messageAdded', chatId, data: fields});
const message = (fields: object) => v.parse(Message, {text: '', state: 'complete', bot, ...fields});

test('the first message of the bot after the user’s message is the reply', () => {
  expect(matchEvent(target, emptySnapshot, added({messageId: 12, text: 'a', bot}))).toMatchObject({
    type: 'message',
    message: {messageId: 12, text: 'a'},
  });
});

test('messages of other chats, of earlier turns and without an id are ignored', () => {
  for (const event of [
    added({messageId: 12, text: 'a', bot}, 8),
    added({messageId: 10, text: 'a', bot}),
    added({messageId: 'odd', text: 'a', bot}),
    {name: 'unknownEvent', chatId: 7, data: {messageId: 12}},
  ]) {
    expect(matchEvent(target, emptySnapshot, event)).toBeUndefined();
  }
});

test('if Poe names the reply, other messages are ignored', () => {
  const named = {...target, botMessageId: 14};
  expect(matchEvent(named, emptySnapshot, added({messageId: 12, bot}))).toMatchObject({type: 'later_reply'});
  expect(matchEvent(named, emptySnapshot, added({messageId: 14, bot}))).toMatchObject({type: 'message'});
});

test('an event without a chat counts if it names the reply', () => {
  const data = {messageId: 12, text: 'so far and more', state: 'complete'};
  expect(matchEvent(target, known, {name: 'messageAdded', chatId: undefined, data})).toMatchObject({type: 'message'});
  const update = {name: 'messageTextUpdated', chatId: 99, data: {messageId: 12, text: 'so far and'}};
  expect(matchEvent(target, known, update)).toEqual({
    type: 'text',
    text: 'so far and',
    state: 'incomplete',
    stateText: null,
  });
});

test('a missing text or state is unchanged', () => {
  expect(matchEvent(target, known, added({messageId: 12, state: 'complete', bot}))).toMatchObject({
    message: {text: 'so far', state: 'complete'},
  });
});

test('the user message and a cleared context after the reply are later user messages', () => {
  expect(matchMessage(target, known, message({messageId: 13, author: 'human', bot: null}))).toEqual({
    type: 'later_user_message',
  });
  expect(matchMessage(target, known, message({messageId: 13, author: 'chat_break', bot: null}))).toEqual({
    type: 'later_user_message',
  });
});

test('while a reply is regenerated, the unchanged old one is ignored until the job is done', () => {
  const old = message({messageId: 12, text: 'old'});
  const regenerating = {...target, replaced: old};
  expect(matchMessage(regenerating, emptySnapshot, old)).toBeUndefined();
  expect(matchMessage(regenerating, {...emptySnapshot, isJobDone: true}, old)).toMatchObject({type: 'message'});
  expect(matchMessage(regenerating, emptySnapshot, {...old, text: 'new'})).toMatchObject({type: 'message'});
});

test('a cancellation counts if it names the reply, the user message or nothing', () => {
  const cancelled = (data: object) => matchEvent(target, known, {name: 'messageCancelled', chatId: 7, data});
  expect([{messageId: 12}, {messageId: 11}, {}].map(cancelled)).toEqual([
    {type: 'cancelled'},
    {type: 'cancelled'},
    {type: 'cancelled'},
  ]);
  expect(cancelled({messageId: 5})).toEqual({type: 'activity'});
});

test('a job is done when its state says so', () => {
  const job = (state: unknown) => matchEvent(target, known, {name: 'jobUpdated', chatId: 7, data: {state}});
  expect([job('complete'), job('DONE'), job('running'), job(5)]).toEqual([
    {type: 'job_done'},
    {type: 'job_done'},
    {type: 'activity'},
    {type: 'activity'},
  ]);
});

test('the echo of a message is identified by its nonce', () => {
  expect(matchEcho('nonceOfThisSend1', added({messageId: 11, clientNonce: 'nonceOfThisSend1'}))).toBe(11);
  expect(matchEcho('nonceOfThisSend1', added({messageId: 11, clientNonce: 'another'}))).toBeUndefined();
});
