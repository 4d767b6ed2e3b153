import {setTimeout} from 'node:timers/promises';
import {expect, test} from 'vitest';
import type {Chat} from '../../../src/core/model.js';
import {Reply, type ReplyActions, type ReplyState} from '../../../src/core/reply.js';
import {memoryLedger} from '../../../src/core/spending/memory-ledger.js';
import type {WebClient} from '../../../src/core/web/client.js';
import type {BotRequest} from '../../../src/serve/serve-backend.js';
import {WebBackend} from '../../../src/serve/web/web-backend.js';
import {memoryServedChats} from '../../../src/store/serve/served-chats.js';

/* A bot that changes what it wrote a while ago, which no bot of the sandbox does. */

const chat: Chat = {id: '1', chatId: 1, chatCode: 'abc', title: null, bot: 'Bot', lastInteractionTime: null};
const state = (text: string): ReplyState => ({
  text,
  state: 'complete',
  bot: 'Bot',
  chat,
  userMessage: {messageId: 1},
  botMessage: {messageId: 2, messageCode: null},
  attachments: [],
  suggestedReplies: [],
  points: {cost: null, balance: null},
  via: 'web',
});

/** A reply whose first words have long been passed on when they change. */
const changedReply = () =>
  new Reply({
    start: state(''),
    // The only action that an answer uses.
    actions: {cost: async () => ({points: 7, isEstimate: false})} as Partial<ReplyActions> as ReplyActions,
    async *updates() {
      yield {state: state('It is Sydney')};
      yield {state: state('It is Sydney, of')};
      await setTimeout(600);
      yield {state: state('It is Canberra, of course.')};
    },
    cancel: async () => {},
  });

function setup() {
  let sends = 0;
  const client = {
    async send() {
      sends++;
      return changedReply();
    },
  };
  const backend = new WebBackend({
    // The only method that an answer without parameters uses.
    client: async () => client as Partial<WebClient> as WebClient,
    onRejected: async () => {},
    chats: memoryServedChats(),
    knownBots: async () => [],
    onStoreFailure() {},
    openUrl: () => Promise.reject(new Error('No files')),
  });
  const ask = async (isStreamed: boolean) => {
    const request: BotRequest = {
      format: 'chat',
      bot: 'Bot',
      body: {model: 'Bot', stream: isStreamed, messages: [{role: 'user', content: 'Where?'}]},
      isStreamed,
      header: () => undefined,
      client: {name: 'editor', bots: null, budget: null, ledger: memoryLedger()},
      signal: new AbortController().signal,
    };
    let output = '';
    const answered = backend.answer(request, {
      json: (body) => (output += JSON.stringify(body)),
      jsonText() {},
      startEvents() {},
      write: (events) => void (output += String(events)),
      end() {},
      cost() {},
    });
    const error: unknown = await answered.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return {output, error};
  };
  return {ask, sends: () => sends};
}

test('a stream whose text was changed ends with an error, and the same request gets the reply for free', async () => {
  const {ask, sends} = setup();
  const changed = await ask(true);
  expect(changed.error).toMatchObject({status: 424, details: {code: 'text_replaced'}});
  expect(changed.output).toContain('It is Sydney');
  expect(changed.output).not.toMatch(/Canberra|DONE/);
  const again = await ask(true);
  expect(again.error).toBeUndefined();
  expect(again.output).toContain('It is Canberra, of course.');
  expect(again.output).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
  expect(sends()).toBe(1);
  // Once only: after that, it is a new question.
  expect((await ask(false)).output).toContain('It is Canberra, of course.');
  expect(sends()).toBe(2);
});
