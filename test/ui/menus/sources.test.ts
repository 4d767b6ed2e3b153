import {expect, test} from 'vitest';
import type {Chat, Message} from '../../../src/core/model.js';
import type {ModelBot} from '../../../src/core/model-bot.js';
import {Feed} from '../../../src/ui/menu/feed.js';
import {type ListState, moveMark, newList, withQuery} from '../../../src/ui/menu/list-state.js';
import type {Source} from '../../../src/ui/menu/source.js';
import {botSource} from '../../../src/ui/menu/sources/bots.js';
import {chatSource} from '../../../src/ui/menu/sources/chats.js';

/* How entries get into a list, without a terminal. */

const entry = (label: string) => ({value: label, label, detail: ''});

/** A list that follows a source. */
function listOf(source: Source) {
  let list: ListState = newList();
  const feed = new Feed(
    source,
    (update) => (list = update(list)),
    (error) => String(error),
  );
  feed.follow(list);
  return {
    feed,
    get list() {
      return list;
    },
    get labels() {
      return list.matches.map(({label}) => label);
    },
    change(next: (list: ListState) => ListState) {
      list = next(list);
      feed.follow(list);
    },
  };
}

test('a search is aborted by the next key, and its late results are dropped', async () => {
  const searches: {query: string; signal: AbortSignal; finish: () => void}[] = [];
  const view = listOf({
    async *load() {
      yield [entry('local')];
    },
    search: {
      delayMs: 0,
      run: (query, signal) =>
        new Promise((resolve) => searches.push({query, signal, finish: () => resolve([entry(`found ${query}`)])})),
    },
  });
  await expect.poll(() => view.labels.length === 1).toBe(true);
  view.change((list) => withQuery(list, 'lo'));
  view.change((list) => withQuery(list, 'loc'));
  expect(searches.map(({query, signal}) => [query, signal.aborted])).toEqual([
    ['lo', true],
    ['loc', false],
  ]);
  for (const {finish} of searches.toReversed()) finish();
  await expect.poll(() => view.labels.length === 2).toBe(true);
  expect(view.labels).toEqual(['local', 'found loc']);
  view.feed.close();
  expect(searches[1]?.signal.aborted).toBe(true);
});

test('keys within the delay of a search are one search', async () => {
  const queries: string[] = [];
  const view = listOf({
    async *load() {
      yield [];
    },
    search: {
      delayMs: 50,
      run: async (query) => {
        queries.push(query);
        return [entry(query)];
      },
    },
  });
  for (const query of ['g', 'ge', 'gem']) view.change((list) => withQuery(list, query));
  expect(view.list.isLoading).toBe(true);
  await expect.poll(() => view.labels.length === 1).toBe(true);
  expect(queries).toEqual(['gem']);
});

test('what was asked about an entry stays when a search finds the entry again', async () => {
  const view = listOf({
    async *load() {
      yield [entry('gemini'), entry('gpt')];
    },
    search: {delayMs: 0, run: async () => [entry('gemini'), entry('gemma')]},
    fact: async ({label}) => (label === 'gemini' ? '7 points' : ''),
  });
  const facts = () => view.list.matches.map(({label, fact = '?'}) => `${label} ${fact}`);
  await expect.poll(() => view.labels).toEqual(['gemini', 'gpt']);
  view.change((list) => moveMark(list, 0));
  await expect.poll(facts).toEqual(['gemini 7 points', 'gpt ?']);
  view.change((list) => withQuery(list, 'gem'));
  await expect.poll(facts).toEqual(['gemini 7 points', 'gemma ?']);
  view.change((list) => withQuery(list, ''));
  await expect.poll(() => facts()[0]).toBe('gemini 7 points');
});

test('what is asked about the neighbors of the marked entry adds no entry that what was typed leaves out', async () => {
  const asked: string[] = [];
  let answer: (fact: string) => void = () => {};
  const view = listOf({
    async *load() {
      yield ['clip', 'command', 'claude'].map(entry);
    },
    fact({label}) {
      asked.push(label);
      return label === 'clip' ? Promise.resolve('7 points') : new Promise((resolve) => (answer = resolve));
    },
  });
  await expect.poll(() => view.labels.length === 3).toBe(true);
  view.change((list) => moveMark(list, 0));
  await expect.poll(() => asked).toEqual(['clip', 'command']);
  view.change((list) => withQuery(list, 'cl'));
  answer('8 points');
  await expect.poll(() => asked).toEqual(['clip', 'command', 'claude']);
  answer('9 points');
  const facts = () => view.list.matches.map(({label, fact = '?'}) => `${label} ${fact}`);
  await expect.poll(facts).toEqual(['clip 7 points', 'claude 9 points']);
});

test('facts are asked for one after another once the list is loaded, until one cannot be read or the list is closed', async () => {
  const asked: {label: string; signal: AbortSignal; answer: (fact: string) => void; fail: (error: Error) => void}[] =
    [];
  const labels = () => asked.map(({label}) => label);
  const previewed: string[] = [];
  let finish: () => void = () => {};
  const loaded = new Promise<void>((resolve) => (finish = resolve));
  const view = listOf({
    async *load() {
      yield ['one', 'two', 'three', 'four'].map(entry);
      await loaded;
    },
    fact: ({label}, signal) => new Promise((answer, fail) => void asked.push({label, signal, answer, fail})),
    preview: async ({label}) => {
      previewed.push(label);
      return '';
    },
  });
  await expect.poll(() => view.labels.length === 4).toBe(true);
  view.change((list) => moveMark(list, 0));
  finish();
  await expect.poll(labels).toEqual(['one']);
  // The answer is of use when another entry is marked, too.
  view.change((list) => moveMark(list, 3));
  expect(asked[0]?.signal.aborted).toBe(false);
  asked[0]?.answer('7 points');
  await expect.poll(labels).toEqual(['one', 'four']);
  expect(view.list.matches[0]?.fact).toBe('7 points');
  asked[1]?.fail(new Error('Poe limits the number of requests'));
  await expect.poll(() => previewed).toEqual(['four']);
  view.change((list) => moveMark(list, -1));
  await expect.poll(() => previewed).toEqual(['four', 'three']);
  expect(labels()).toEqual(['one', 'four']);
  view.feed.close();
  expect(asked[1]?.signal.aborted).toBe(true);
});

test('a fact that is not known of an entry is asked for again when a search finds the entry', async () => {
  let fact = '';
  const view = listOf({
    async *load() {
      yield [entry('gemini')];
    },
    search: {
      delayMs: 0,
      async run() {
        fact = '7 points';
        return [entry('gemini'), entry('gemma')];
      },
    },
    fact: async () => fact,
    preview: async () => 'asked',
  });
  await expect.poll(() => view.labels.length).toBe(1);
  view.change((list) => moveMark(list, 0));
  await expect.poll(() => view.list.preview).toBe('asked');
  view.change((list) => withQuery(list, 'gem'));
  await expect.poll(() => view.labels.length).toBe(2);
  view.change((list) => moveMark(list, 1));
  await expect.poll(() => view.list.matches.map(({fact: shown}) => shown)).toEqual(['7 points', '7 points']);
});

test('errors are shown in the list and keep its entries; a failed preview is left out', async () => {
  const view = listOf({
    async *load() {
      yield [entry('one'), entry('two')];
      throw new Error('Poe is away\u001b[2J');
    },
    preview: () => Promise.reject(new Error('no preview')),
  });
  await expect.poll(() => view.list.problem !== '').toBe(true);
  expect(view.list.problem).toBe('Error: Poe is away␛[2J');
  expect(view.labels).toEqual(['one', 'two']);
  expect(view.list.isLoading).toBe(false);
  view.change((list) => moveMark(list, 1));
  expect(view.list.preview).toBe('');
});

test('nothing reaches a list that was closed', async () => {
  let finish: () => void = () => {};
  const waiting = new Promise<void>((resolve) => (finish = resolve));
  const view = listOf({
    async *load() {
      await waiting;
      yield [entry('late')];
    },
  });
  view.feed.close();
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(view.labels).toEqual([]);
});

test('bots show whether they are in use or new, their price and kinds; those used before come first', async () => {
  const bot = (handle: string, fields: Partial<ModelBot> = {}): ModelBot => ({
    id: null,
    botId: null,
    handle,
    displayName: null,
    model: null,
    pictureUrl: null,
    description: 'A bot.',
    poweredBy: 'Maker',
    tags: [],
    displayMessagePointPrice: null,
    introduction: null,
    isCreatedByPoeUserAccount: false,
    pricesUsd: null,
    contextTokens: null,
    outputTokens: null,
    takes: [],
    gives: [],
    endpoints: [],
    createdTime: null,
    reasoning: null,
    parameters: [],
    ...fields,
  });
  const unknown = {image: null, request: null, cacheRead: null, cacheWrite: null};
  const prices = {...unknown, prompt: 1e-6, completion: 2e-6, pointsPerDollar: 33_300};
  const listed = [
    bot('New-Bot', {createdTime: new Date().toISOString(), takes: ['text', 'image'], gives: ['text']}),
    bot('Old-Bot', {createdTime: '2020-01-01T00:00:00Z', pricesUsd: prices}),
  ];
  const source = botSource(
    {
      known: async () => ({
        bots: [
          {handle: 'Private', name: 'My own'},
          {handle: 'Old-Bot', name: null},
        ],
        chats: [],
        categories: [],
      }),
      bots: async () => listed,
    },
    {current: 'Old-Bot'},
  );
  const yielded = [];
  for await (const entries of source.load(new AbortController().signal))
    yielded.push(entries.map(({label, fact = '', detail}) => [label, fact, detail].join(' | ')));
  expect(yielded).toEqual([
    ['Private |  | My own', 'Old-Bot |  | current'],
    [
      'Private |  | My own',
      'Old-Bot | 33.3 in, 66.6 out per 1k | current · A bot.',
      'New-Bot | price unknown | new · text, image → text · A bot.',
    ],
  ]);
});

const emptyMessage: Message = {
  id: null,
  messageId: 1,
  messageCode: null,
  creationTime: null,
  text: '',
  state: 'complete',
  messageStateText: null,
  author: 'assistant',
  authorUser: null,
  clientNonce: null,
  bot: null,
  attachments: [],
  suggestedReplies: [],
};

test('a chat that is known by its name is previewed as soon as Poe has listed it', async () => {
  const chat: Chat = {
    id: 'Q2hhdDox',
    chatId: 1,
    chatCode: 'tea',
    title: 'Tea',
    bot: 'Assistant',
    lastInteractionTime: '2025-03-24T00:00:00Z',
  };
  let list: (chats: Chat[]) => void = () => {};
  const source = chatSource({
    known: async () => ({bots: [], chats: [{chatCode: 'tea', title: 'Tea'}], categories: []}),
    chats: () => new Promise((resolve) => (list = resolve)),
    lastMessages: async () => [{...emptyMessage, text: 'Four minutes.'}],
  });
  const {signal} = new AbortController();
  const loading = source.load(signal)[Symbol.asyncIterator]();
  const [entry] = (await loading.next()).value ?? [];
  const preview = entry && source.preview?.(entry, signal);
  const listed = loading.next();
  await Promise.resolve();
  list([chat]);
  await listed;
  await loading.next();
  expect(await preview).toBe('Four minutes.');
});
