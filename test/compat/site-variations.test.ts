import {randomBytes} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {type Event, type Json, seed, variedSite, type SiteVariation} from '../support/servers/site-variations.js';

/* Every command on sites that send the same data in other ways than the sandbox. */

type Site = Awaited<ReturnType<typeof variedSite>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Changes every object in a value, the innermost first. */
function mapObjects(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((each) => mapObjects(each, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapObjects(each, change)])));
}

const withObjects = (change: (object: Json) => Json): SiteVariation => ({
  transform: (value) => mapObjects(value, change),
});

/** The bot's reply to a message. */
const replyTo = (to: string) => `Grüße 👋 says Wordy to ${to}`;

/** Runs every command and checks what it prints. */
async function runEveryCommand(site: Site) {
  const json = async (...argv: string[]) => {
    const {code, out, err} = await site.run(...argv, '--json');
    if (code !== 0) return {argv, code, err};
    const values: unknown[] = out
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return values.length === 1 ? values[0] : values;
  };
  const text = async (...argv: string[]) => {
    const {code, out, err} = await site.run(...argv);
    return code === 0 && err === '' ? out : {argv, code, out, err};
  };
  expect(await text('send', '-b', 'wordy', 'one')).toBe(`${replyTo('one')}\n`);
  const code = site.chats[0]?.code ?? '';
  const bot = {botId: 901, handle: 'Wordy', displayName: 'Wordy'};
  expect(await json('send', '-c', 'last', 'two')).toMatchObject({
    text: replyTo('two'),
    state: 'complete',
    bot: 'Wordy',
    chat: {chatCode: code, title: 'A talk'},
    userMessage: {messageId: site.chats[0]?.messages.at(-2)?.messageId},
    botMessage: {messageId: site.chats[0]?.messages.at(-1)?.messageId},
  });
  const file = new URL('site-variations.test.ts', import.meta.url).pathname;
  expect(await text('send', '-c', code, '-f', file, 'a file')).toBe(`${replyTo('a file')}\n`);
  expect(await text('retry', code)).toBe(`${replyTo('you again')}\n`);
  expect(await text('attach', code)).toBe(`${replyTo('you again')}\n`);
  expect(await json('history')).toMatchObject({chatCode: code, title: 'A talk', bot: 'Wordy'});
  expect(await json('history', 'show', code)).toMatchObject([
    {text: 'one'},
    {text: replyTo('one')},
    {text: 'two'},
    {text: replyTo('two')},
    {text: 'a file'},
    {text: replyTo('you again')},
  ]);
  expect(await json('cost', code)).toEqual({points: 20});
  expect(await json('share', code)).toEqual({url: expect.stringMatching(/\/s\/sh4re$/)});
  expect(site.operations.at(-1)?.variables.messageIds).toHaveLength(2);
  expect(await json('previews', code)).toEqual({urls: ['https://poe.com/preview/p0']});
  expect(await json('title', code, 'New')).toMatchObject({title: 'New', chatCode: code});
  expect(await json('clear-context', code)).toEqual({cleared: true});
  expect(await json('context-optimization', code, 'off')).toEqual({enabled: false});
  expect(await json('history', 'search', 'new')).toMatchObject({chatCode: code});
  expect(await json('history', 'search', '--messages', 'two')).toMatchObject({chatCode: code});
  expect(await text('history', 'export', code)).toContain(replyTo('two'));
  expect(await json('explore', '--category', 'official', '-n', '1')).toMatchObject(bot);
  expect(await json('history', '--bot', 'wordy')).toMatchObject({chatCode: code});
  expect((await site.run('doctor')).code).toBe(0);
  expect(await json('bot-info', 'WORDY')).toMatchObject({...bot, displayMessagePointPrice: 20, model: 'wordy_1'});
  expect(await json('explore')).toMatchObject([bot, {botId: 902}, {botId: 903}]);
  expect(await json('explore', '--bot', 'wor')).toMatchObject(bot);
  expect(await json('explore', '--user', 'ann')).toMatchObject({uid: 77, handle: 'ann', followerCount: 3});
  expect(await json('categories')).toEqual(['Official']);
  expect(await json('user-info', 'ann')).toMatchObject({uid: 77, handle: 'ann', fullName: 'Ann'});
  expect(await json('follow', 'ann')).toEqual({following: true});
  expect(await json('unfollow', '77')).toEqual({following: false});
  expect(await json('settings', 'default-bot', 'wordy')).toMatchObject({defaultBot: {botId: 901}});
  expect(await json('settings', 'point-limit', '700')).toMatchObject({
    messagePointInfo: {allChatDefaultPointPriceThresholdPerMessage: 700},
  });
  expect(await json('settings')).toMatchObject({
    uid: 4242,
    defaultBot: {botId: 901, displayName: 'Wordy'},
    messagePointInfo: {messagePointBalance: 2980, messagePointResetTime: '2025-03-25T00:04:39.000Z'},
  });
  expect(await json('whoami')).toMatchObject({method: 'web', uid: 4242});
  expect(await json('import', 'sh4red')).toMatchObject({title: 'Of wordy'});
  expect(await json('cancel', code)).toEqual({cancelled: true});
  const [first] = site.chats.at(-1)?.messages ?? [];
  expect(await json('delete-messages', code, String(first?.messageId), '--yes')).toEqual({deleted: 1});
  expect(await json('delete-chat', code, '--yes')).toEqual({deleted: 1});
  expect(await json('purge', '--yes')).toEqual({purged: true});
  expect(await json('history')).toEqual([]);
  expect(site.refused).toEqual([]);
}

const reverseKeys = (object: Json): Json => Object.fromEntries(Object.entries(object).toReversed());

/** Adds unknown fields at every level. */
const addUnknownFields = (object: Json): Json => ({
  __typename: 'UnknownType',
  __isNode: 'x',
  unknownField: {edges: [null, {node: null}], list: [], deep: {er: [1, 'two', null]}},
  'odd-key': null,
  ...object,
  zzz: 0,
});

const ids = new Set([
  'messageId',
  'chatId',
  'botId',
  'uid',
  'creationTime',
  'messagePointResetTime',
  'lastInteractionTime',
]);
const amounts = new Set([
  'messagePointBalance',
  'totalCostPoints',
  'displayMessagePointPrice',
  'followerCount',
  'allChatDefaultPointPriceThresholdPerMessage',
]);
const numbersAsStrings = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, ids.has(key) || amounts.has(key) ? String(value) : value]),
  );

/** The fields that commands need. */
const requiredFields = new Set([
  ...ids,
  ...amounts,
  ...'handle nullableHandle displayName fullName chatCode title text state status edges node chat message botMessage bot'.split(
    ' ',
  ),
  ...'chats chatOfCode messagesConnection messageOfCode responsibleJob messagesShare shareCode sharePreviewFromMessage'.split(
    ' ',
  ),
  ...'sharedPreview shareUrl user viewer defaultBot defaultBotObject messagePointInfo searchEntityConnection'.split(
    ' ',
  ),
  ...'exploreBotsConnection exploreBotsCategoryObjects categoryName messages pageInfo endCursor hasNextPage'.split(' '),
  ...'model messageCode clientNonce messagePointLimit author messageEdgeCreate messageRegenerate'.split(' '),
]);
/** Replaces every other field by null. */
const onlyRequiredFields = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const isResult = typeof value === 'object' && /delete|cancel|break|set|continue|Follow/i.test(key);
      return [key, requiredFields.has(key) || isResult ? value : null];
    }),
  );

/** Splits a text into pieces of one to three bytes, which splits characters. */
const splitBytes = (text: string): Buffer[] => {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0, size = 1; at < bytes.length; at += size, size = bytes.length > 3_000 ? 997 : (size % 3) + 1)
    pieces.push(bytes.subarray(at, at + size));
  return pieces;
};

const stringify = (value: object): string => JSON.stringify(value);

const page =
  (script: string, app: string, more = ''): NonNullable<SiteVariation['createPage']> =>
  () => ({
    html: `<!doctype html><html><head>${more}</head><body><div id="__next"></div>${script}</body></html>`,
    files: {'/_next/static/chunks/pages/_app-1.js': app, '/_next/static/chunks/application-2.js': 'var nothing = 1;'},
  });
const appTag = '<script defer crossorigin src="/_next/static/chunks/pages/_app-1.js"></script>';
const decoder = (name: string, marker: string) =>
  `window['${name}']=function(s){var ok=window.document&&window.navigator&&typeof process==='undefined'&&typeof QuickJS==='undefined'&&window['${marker}']==='m';` +
  `var t='';[27,53,47,48,52,14,63,7,38,28,60,30,51,42,15,40,19,16,58,11,17,36,59,50,1,26,46,62,55,20,56,49,9,43].forEach(function(p){t+=s.charAt(ok?p:63-p)});return t}`;

const variations: Record<string, SiteVariation> = {
  'sends everything': {},
  'sends fields in another order': withObjects(reverseKeys),
  'sends unknown fields': withObjects(addUnknownFields),
  'sends numbers as strings': withObjects(numbersAsStrings),
  'sends null for every optional field': withObjects(onlyRequiredFields),
  'compresses responses with gzip': {
    writeResponse: (response, text, type) =>
      void response.writeHead(200, {'content-encoding': 'gzip', 'content-type': type}).end(gzipSync(text)),
  },
  'compresses responses with brotli': {
    writeResponse: (response, text, type) =>
      void response.writeHead(200, {'CONTENT-ENCODING': 'br', 'CONTENT-TYPE': type}).end(brotliCompressSync(text)),
  },
  'sends responses in pieces that split characters': {
    writeResponse(response, text, type) {
      response.writeHead(200, {'Content-Type': type});
      for (const piece of splitBytes(text)) response.write(piece);
      response.end();
    },
  },
  'closes the connection after each response instead of sending its length': {
    writeResponse(response, text, type) {
      const {socket} = response;
      socket?.end(`HTTP/1.0 200 OK\r\ncontent-type: ${type}\r\nset-cookie: __cf_bm=a; path=/\r\n\r\n${text}`);
    },
  },
  'renews cookies with each response, sets cookies of other domains, and starts with a byte order mark': {
    writeResponse: (response, text, type) =>
      void response
        .writeHead(200, {
          'Content-Type': type,
          'Set-Cookie': [
            `__cf_bm=${randomBytes(4).toString('hex')}; Path=/; HttpOnly; Secure; SameSite=None`,
            'p-b=another-domain; Domain=poe.com; Path=/',
            'p-sb=new; Expires=Wed, 01 Jan 2098 00:00:00 GMT',
          ],
        })
        .end(`\uFEFF${text}`),
  },
  'sends JSON as text, with another letter case in its headers': {
    writeResponse: (response, text, type) =>
      void response
        .writeHead(200, {'Content-Type': type.includes('json') ? 'Text/Plain; Charset="UTF-8"' : type})
        .end(text),
  },
  'sends an error along with each success': {
    wrapResponse: (response) => ({errors: [{message: 'Server Error'}], ...response}),
  },
  'adds fields around the data': {
    wrapResponse: ({data, ...rest}) => ({
      success: true,
      message: null,
      errors: null,
      data,
      ...rest,
      extensions: {is_final: true, x: 1},
    }),
  },
  'sends several events in one frame': {
    toFrames: (events, seq) => [
      stringify({messages: [...events, {message_type: 'noise'}].map(stringify), min_seq: seq}),
    ],
  },
  'sends events as objects': {toFrames: (events, seq) => [stringify({min_seq: String(seq), messages: events})]},
  'sends the payload of events as text': {
    toFrames: (events, seq) => [
      stringify({
        messages: events.map(({payload, ...event}) => stringify({...event, payload: JSON.stringify(payload)})),
        min_seq: seq,
      }),
    ],
  },
  'sends events without a list around them': {toFrames: (events) => events.map(stringify)},
  'sends event data as text, without the name of the subscription': {
    toFrames: (events, seq) => [
      stringify({
        messages: events.map((event) => {
          const {payload, ...rest} = event as {payload: Json & {data: Json}};
          const {subscription_name: _name, data, ...more} = payload;
          const texts = Object.entries(data).map(([name, value]) => [name, JSON.stringify(value)]);
          return stringify({...rest, payload: {...more, data: Object.fromEntries(texts)}});
        }),
        min_seq: seq,
      }),
    ],
  },
  'sends each event twice, with invalid frames in between': {
    toFrames: (events, seq) => [
      stringify({type: 'ping'}),
      stringify({messages: events.map(stringify), min_seq: seq}),
      'not JSON',
      stringify({
        messages: [
          null,
          7,
          '{',
          ...events.map(stringify),
          stringify({message_type: 'subscriptionUpdate', payload: null}),
        ],
      }),
      '[]',
    ],
  },
  'never advances its position': {toFrames: (events) => [stringify({messages: events.map(stringify), min_seq: 1})]},
  'sends no position': {toFrames: (events) => [stringify({messages: events.map(stringify), min_seq: null})]},
  'sends binary frames': {
    toFrames: (events, seq) => [Buffer.from(stringify({messages: events.map(stringify), min_seq: seq}))],
  },
  'starts frames with a byte order mark': {
    toFrames: (events, seq) => [`\uFEFF${stringify({messages: events.map(stringify), min_seq: seq})}`],
  },
  'sends frames compressed and in fragments, with pings and pongs in between': {
    deflate: true,
    sendFrame(socket, frame) {
      const bytes = Buffer.from(frame);
      socket.pong('unsolicited');
      socket.send(bytes.subarray(0, 5), {fin: false, binary: false});
      socket.send(bytes.subarray(5, 80), {fin: false, binary: false});
      socket.ping('ping');
      socket.send(bytes.subarray(80), {fin: true, binary: false});
    },
  },
  'sends channel data with other types and unknown fields': {
    channel: {minSeq: 4_807_332_353, more: {deep: [1]}, targetUrl: null, enableWebsocket: null},
  },
  'sends the title and the end of the job before the first word': {
    orderEvents: (events) =>
      events.toSorted((a, b) => Number(a.name === 'messageAdded') - Number(b.name === 'messageAdded')),
  },
  'uses single quotes, other names and similar scripts on its page': {
    createPage: page(
      `<script>${decoder('aB3', 'zZ9')};window.k3yOfF0rm_s=function(){return window.aB3('${seed}')}</script>` +
        '<script nonce="x">function nothing(){return "window.fake=function(){return window"}</script>' +
        appTag,
      "let other=()=>{window.q='no'};let useFormkeyDecode = ()=>{let a=1; window.zZ9 = 'm'; return a};",
      '<script src="/_next/static/chunks/application-2.js"></script><script type="application/ld+json">{"a":1}</script>',
    ),
  },
  'uses self, globalThis and template literals in the scripts of its page': {
    createPage: page(
      `<script>${decoder('aB3', 'zZ9').replaceAll('window', 'self')};globalThis.k3y=()=>self.aB3(\`${seed}\`)</script>${appTag}`,
      'let useFormkeyDecode=()=>{globalThis.zZ9=`m`;return 1};',
    ),
  },
  'is site version 2025-03': {
    hasPlainTagIds: true,
    createPage: page(
      `<script>window.Aa1=function(){var ok=window.document&&window.navigator&&window.zZ9==="m";return ok?"1d91fd9da716cc0b055c7d54648fc194":"00000000000000000000000000000000"};` +
        `window.ereNdsRqhp2Rd3LEW=function(){return window.Aa1()+"zz"}</script>${appTag}`,
      'let useFormkeyDecode=()=>{window.zZ9="m";return 1};',
    ),
  },
  'sets the marker of its page with brackets': {
    createPage: page(
      `<script>${decoder('aB3', 'zZ9')};window["k3y"]=function(){return window["aB3"]("${seed}")}</script>${appTag}`,
      'let useFormkeyDecode=()=>{window["zZ9"]="m";return 1};',
    ),
  },
};

describe.concurrent('every command works if the site', () => {
  test.for(Object.entries(variations))('%s', async ([, variation], context) => {
    await runEveryCommand(await variedSite(context, variation));
  });
});

const withMessages = (change: (data: Json, index: number, all: readonly Event[]) => Json): SiteVariation => ({
  orderEvents: (events) =>
    events.map((event, index) =>
      event.name === 'messageAdded' ? {...event, data: change(event.data, index, events)} : event,
    ),
});

/** Changes the response to a send. */
const withSendResponse = (change: (response: Json) => Json, more: SiteVariation = {}): SiteVariation => ({
  ...more,
  transform(value, name) {
    const inner = more.transform ? more.transform(value, name) : value;
    if (name !== 'sendMessageMutation' || !isObject(inner) || !isObject(inner.messageEdgeCreate)) return inner;
    return {messageEdgeCreate: change(inner.messageEdgeCreate)};
  },
});

const isOwn = (value: unknown): boolean => isObject(value) && value.author === 'human';
const withoutAuthor = (value: unknown): unknown =>
  isOwn(value) ? {...(value as Json), author: '', clientNonce: null} : value;

/** Closes the connection once, during a reply. */
function closeOnce(code: number): SiteVariation {
  let isCut = false;
  return {
    sendFrame(socket, frame) {
      socket.send(frame);
      if (isCut || !String(frame).includes('says ')) return;
      isCut = true;
      if (code === 1006) socket.terminate();
      else socket.close(code, 'Reason');
    },
  };
}

const replies: Record<string, SiteVariation> = {
  ...Object.fromEntries(
    [1000, 1001, 1006, 1011, 1012, 4000].map((code) => [`closes the connection with ${code}`, closeOnce(code)]),
  ),
  'leaves out the text of the last update': withMessages((data) =>
    data.state === 'complete' ? {...data, text: null} : data,
  ),
  'sends no state but that of the job': withMessages((data) => ({...data, state: null})),
  'sends no state but that of the job, also on the page of the chat': {
    ...withMessages((data) => ({...data, state: null})),
    transform: (value, name) =>
      name === 'ChatPageQuery' ? mapObjects(value, (object) => ({...object, state: null})) : value,
  },
  'sends unknown states': withMessages((data, index) =>
    data.state === 'complete' ? data : {...data, state: ['thinking', 'incomplete', 'queued_2', 7][index % 4]},
  ),
  'sends states in upper case': withMessages((data) => ({...data, state: String(data.state).toUpperCase()})),
  'leaves out the text of the last update, and sends all events before the response': {
    ...withMessages((data) => (data.state === 'complete' ? {...data, text: null} : data)),
    writeResponse: (response, text, type) =>
      void setTimeout(100).then(() => response.writeHead(200, {'Content-Type': type}).end(text)),
  },
  'sends an error with an empty response to the subscription': {
    wrapResponse: (response) =>
      isObject(response.data) && 'autoSubscribe' in response.data
        ? {data: {autoSubscribe: null}, errors: [{message: 'Server Error'}]}
        : response,
  },
  'sends the end of the reply twice': {
    orderEvents: (events) => events.flatMap((event) => (event.data.state === 'complete' ? [event, event] : [event])),
  },
  'names the chat only in the id of events': {
    ...withSendResponse(({chat, ...response}) => ({...response, chat: null, botMessage: null, more: chat})),
  },
  'names the chat only in the data of events': {
    orderEvents: (events) =>
      events.map((event) => ({
        ...event,
        id: event.name,
        data: {...event.data, chat: {chatId: Number(/\d+$/.exec(event.id)?.[0])}},
      })),
    ...withSendResponse((response) => ({...response, botMessage: null})),
  },
  'does not send authors': withSendResponse((response) => ({...response, message: null, botMessage: null}), {
    transform: (value, name) => (name === 'messageAdded' ? withoutAuthor(value) : value),
  }),
  'sends no event for the user’s own message': {
    transform: (value, name) => (name === 'messageAdded' && isOwn(value) ? null : value),
  },
  'sends events of unknown subscriptions': {
    orderEvents: (events) =>
      events.flatMap((event) => [
        {name: 'somethingNew', id: 'somethingNew', data: {messageId: 5}},
        {name: 'messageEdited', id: 'messageEdited:x', data: {message: null}},
        event,
        {name: 'unreadChatsUpdated', id: 'unreadChatsUpdated:77', data: {unread: []}},
      ]),
  },
};

describe.concurrent('a reply is complete if the site', () => {
  test.for(Object.entries(replies))('%s', async ([, variation], context) => {
    const site = await variedSite(context, variation);
    const {run, operations} = site;
    context.expect(await run('send', '-b', 'wordy', 'one')).toEqual({
      code: 0,
      out: `${replyTo('one')}\n`,
      err: '',
    });
    expect(operations.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
    context.expect(site.connections).toBe(variation.sendFrame ? 2 : 1);
  });
});

const failing = (data: Json | null, message: string): SiteVariation => ({
  wrapResponse: (response) =>
    isObject(response.data) && (Object.keys(data ?? {})[0] ?? '') in response.data
      ? {data, errors: [{message, path: Object.keys(data ?? {})}]}
      : response,
});

describe.concurrent('if a response is null, the error of the site is printed', () => {
  test.for([
    [['send', '-b', 'wordy', 'one'], {messageEdgeCreate: null}, 1],
    [['history'], {chats: null}, 1],
    [['explore'], {exploreBotsConnection: null}, 1],
    [['settings'], {viewer: null}, 1],
    [['import', 'sh4red'], {continueChatFromPoeShare: null}, 1],
    [['follow', '77'], {poeUserSetFollow: null}, 1],
    [['follow', '77'], {poeUserSetFollow: null, viewer: {id: 'x'}}, 1],
    [['send', '-b', 'wordy', 'one'], {messageEdgeCreate: null, viewer: {id: 'x'}}, 1],
  ] as const)('%s', async ([argv, data, code], context) => {
    const {run, operations} = await variedSite(context, failing(data, 'Unavailable on Sundays'));
    const outcome = await run(...argv);
    context
      .expect(outcome)
      .toMatchObject({code, out: '', err: context.expect.stringContaining('"Unavailable on Sundays"')});
    context
      .expect(operations.filter(({name}) => /^(?:chats?|send).*(?:page|history)/i.test(name)))
      .toHaveLength(argv[0] === 'history' ? 1 : 0);
  });
});
