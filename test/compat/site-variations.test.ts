import {randomBytes} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {type Event, type Json, seed, strangeSite, type Taste} from '../support/site-variations.js';

/* All that commands do, on sites that tell the same in other ways than the sandbox. */

type Site = Awaited<ReturnType<typeof strangeSite>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Goes through a value from the inside out. */
function mapped(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, change)])));
}

const dressed = (change: (object: Json) => Json): Taste => ({dress: (value) => mapped(value, change)});

/** What the whole tour prints, command by command, where a site tells all there is. */
const said = (to: string) => `Grüße 👋 says Wordy to ${to}`;

async function tour(site: Site) {
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
  expect(await text('send', '-b', 'wordy', 'one')).toBe(`${said('one')}\n`);
  const code = site.chats[0]?.code ?? '';
  const bot = {botId: 901, handle: 'Wordy', displayName: 'Wordy'};
  expect(await json('send', '-c', 'last', 'two')).toMatchObject({
    text: said('two'),
    state: 'complete',
    bot: 'Wordy',
    chat: {chatCode: code, title: 'A talk'},
    userMessage: {messageId: site.chats[0]?.messages.at(-2)?.messageId},
    botMessage: {messageId: site.chats[0]?.messages.at(-1)?.messageId},
  });
  const file = new URL('site-variations.test.ts', import.meta.url).pathname;
  expect(await text('send', '-c', code, '-f', file, 'a file')).toBe(`${said('a file')}\n`);
  expect(await text('retry', code)).toBe(`${said('you again')}\n`);
  expect(await text('attach', code)).toBe(`${said('you again')}\n`);
  expect(await json('history')).toMatchObject({chatCode: code, title: 'A talk', bot: 'Wordy'});
  expect(await json('history', 'show', code)).toMatchObject([
    {text: 'one'},
    {text: said('one')},
    {text: 'two'},
    {text: said('two')},
    {text: 'a file'},
    {text: said('you again')},
  ]);
  expect(await json('cost', code)).toEqual({points: 20});
  expect(await json('share', code)).toEqual({url: expect.stringMatching(/\/s\/sh4re$/)});
  expect(site.asked.at(-1)?.variables.messageIds).toHaveLength(2);
  expect(await json('previews', code)).toEqual({urls: ['https://poe.com/preview/p0']});
  expect(await json('title', code, 'New')).toMatchObject({title: 'New', chatCode: code});
  expect(await json('clear-context', code)).toEqual({cleared: true});
  expect(await json('context-optimization', code, 'off')).toEqual({enabled: false});
  expect(await json('history', 'search', 'new')).toMatchObject({chatCode: code});
  expect(await json('history', 'search', '--messages', 'two')).toMatchObject({chatCode: code});
  expect(await text('history', 'export', code)).toContain(said('two'));
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

const reversed = (object: Json): Json => Object.fromEntries(Object.entries(object).toReversed());

/** Besides what is there: what nobody has heard of, at every level. */
const embroidered = (object: Json): Json => ({
  __typename: 'NobodyKnowsThis',
  __isNode: 'x',
  unheardOf: {edges: [null, {node: null}], list: [], deep: {er: [1, 'two', null]}},
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
const inDigits = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, ids.has(key) || amounts.has(key) ? String(value) : value]),
  );

/** What commands cannot do without; all else is null. */
const needed = new Set([
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
const bare = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const isResult = typeof value === 'object' && /delete|cancel|break|set|continue|Follow/i.test(key);
      return [key, needed.has(key) || isResult ? value : null];
    }),
  );

/** Cuts a text into pieces of one to three bytes, so that many a character is cut in two. */
const crumbs = (text: string): Buffer[] => {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0, size = 1; at < bytes.length; at += size, size = bytes.length > 3_000 ? 997 : (size % 3) + 1)
    pieces.push(bytes.subarray(at, at + size));
  return pieces;
};

const whole = (event: Json): string => JSON.stringify(event);
const framed = (told: object): string => JSON.stringify(told);

const page =
  (script: string, app: string, more = ''): NonNullable<Taste['page']> =>
  () => ({
    html: `<!doctype html><html><head>${more}</head><body><div id="__next"></div>${script}</body></html>`,
    files: {'/_next/static/chunks/pages/_app-1.js': app, '/_next/static/chunks/application-2.js': 'var nothing = 1;'},
  });
const appTag = '<script defer crossorigin src="/_next/static/chunks/pages/_app-1.js"></script>';
const decoder = (name: string, marker: string) =>
  `window['${name}']=function(s){var ok=window.document&&window.navigator&&typeof process==='undefined'&&typeof QuickJS==='undefined'&&window['${marker}']==='m';` +
  `var t='';[27,53,47,48,52,14,63,7,38,28,60,30,51,42,15,40,19,16,58,11,17,36,59,50,1,26,46,62,55,20,56,49,9,43].forEach(function(p){t+=s.charAt(ok?p:63-p)});return t}`;

const tastes: Record<string, Taste> = {
  'tells all there is': {},
  'has its keys in another order': dressed(reversed),
  'tells more than anybody knows': dressed(embroidered),
  'writes numbers as digits': dressed(inDigits),
  'leaves all null that may be': dressed(bare),
  'answers in gzip': {
    write: (response, text, type) =>
      void response.writeHead(200, {'content-encoding': 'gzip', 'content-type': type}).end(gzipSync(text)),
  },
  'answers in brotli': {
    write: (response, text, type) =>
      void response.writeHead(200, {'CONTENT-ENCODING': 'br', 'CONTENT-TYPE': type}).end(brotliCompressSync(text)),
  },
  'answers in crumbs that cut characters': {
    write(response, text, type) {
      response.writeHead(200, {'Content-Type': type});
      for (const piece of crumbs(text)) response.write(piece);
      response.end();
    },
  },
  'closes the connection after each answer, without a length': {
    write(response, text, type) {
      const {socket} = response;
      socket?.end(`HTTP/1.0 200 OK\r\ncontent-type: ${type}\r\nset-cookie: __cf_bm=a; path=/\r\n\r\n${text}`);
    },
  },
  'renews cookies with each answer, hands out those of strangers, and begins with a byte order mark': {
    write: (response, text, type) =>
      void response
        .writeHead(200, {
          'Content-Type': type,
          'Set-Cookie': [
            `__cf_bm=${randomBytes(4).toString('hex')}; Path=/; HttpOnly; Secure; SameSite=None`,
            'p-b=a-stranger; Domain=poe.com; Path=/',
            'p-sb=new; Expires=Wed, 01 Jan 2098 00:00:00 GMT',
          ],
        })
        .end(`\uFEFF${text}`),
  },
  'calls JSON text, in other letters': {
    write: (response, text, type) =>
      void response
        .writeHead(200, {'Content-Type': type.includes('json') ? 'Text/Plain; Charset="UTF-8"' : type})
        .end(text),
  },
  'tells of an error beside each success': {envelope: (answer) => ({errors: [{message: 'Server Error'}], ...answer})},
  'has other members around the data': {
    envelope: ({data, ...rest}) => ({
      success: true,
      message: null,
      errors: null,
      data,
      ...rest,
      extensions: {is_final: true, x: 1},
    }),
  },
  'tells several events a frame': {
    frames: (events, seq) => [framed({messages: [...events, {message_type: 'noise'}].map(whole), min_seq: seq})],
  },
  'tells events as objects': {frames: (events, seq) => [framed({min_seq: String(seq), messages: events})]},
  'tells events with their payload as text': {
    frames: (events, seq) => [
      framed({
        messages: events.map(({payload, ...event}) => whole({...event, payload: JSON.stringify(payload)})),
        min_seq: seq,
      }),
    ],
  },
  'tells events by themselves, without a list around them': {frames: (events) => events.map(whole)},
  'tells what happened as text, and does not name the subscription': {
    frames: (events, seq) => [
      framed({
        messages: events.map((event) => {
          const {payload, ...rest} = event as {payload: Json & {data: Json}};
          const {subscription_name: _name, data, ...more} = payload;
          const texts = Object.entries(data).map(([name, value]) => [name, JSON.stringify(value)]);
          return whole({...rest, payload: {...more, data: Object.fromEntries(texts)}});
        }),
        min_seq: seq,
      }),
    ],
  },
  'tells each event twice, with noise in between': {
    frames: (events, seq) => [
      framed({type: 'ping'}),
      framed({messages: events.map(whole), min_seq: seq}),
      'no JSON at all',
      framed({
        messages: [null, 7, '{', ...events.map(whole), whole({message_type: 'subscriptionUpdate', payload: null})],
      }),
      '[]',
    ],
  },
  'does not move its position': {frames: (events) => [framed({messages: events.map(whole), min_seq: 1})]},
  'tells no position': {frames: (events) => [framed({messages: events.map(whole), min_seq: null})]},
  'writes binary frames': {
    frames: (events, seq) => [Buffer.from(framed({messages: events.map(whole), min_seq: seq}))],
  },
  'begins its frames with a byte order mark': {
    frames: (events, seq) => [`\uFEFF${framed({messages: events.map(whole), min_seq: seq})}`],
  },
  'writes its frames in fragments, compressed, among pings and pongs': {
    deflate: true,
    send(socket, frame) {
      const bytes = Buffer.from(frame);
      socket.pong('unasked');
      socket.send(bytes.subarray(0, 5), {fin: false, binary: false});
      socket.send(bytes.subarray(5, 80), {fin: false, binary: false});
      socket.ping('there?');
      socket.send(bytes.subarray(80), {fin: true, binary: false});
    },
  },
  'gives the channel other types, and more than it needs': {
    channel: {minSeq: 4_807_332_353, more: {deep: [1]}, targetUrl: null, enableWebsocket: null},
  },
  'says that the job is done, and the title, before the first word': {
    order: (events) => events.toSorted((a, b) => Number(a.name === 'messageAdded') - Number(b.name === 'messageAdded')),
  },
  'has a page in single quotes, with other names and scripts that look alike': {
    page: page(
      `<script>${decoder('aB3', 'zZ9')};window.k3yOfF0rm_s=function(){return window.aB3('${seed}')}</script>` +
        '<script nonce="x">function nothing(){return "window.fake=function(){return window"}</script>' +
        appTag,
      "let other=()=>{window.q='no'};let useFormkeyDecode = ()=>{let a=1; window.zZ9 = 'm'; return a};",
      '<script src="/_next/static/chunks/application-2.js"></script><script type="application/ld+json">{"a":1}</script>',
    ),
  },
  'has a page whose scripts say self and globalThis, and write templates': {
    page: page(
      `<script>${decoder('aB3', 'zZ9').replaceAll('window', 'self')};globalThis.k3y=()=>self.aB3(\`${seed}\`)</script>${appTag}`,
      'let useFormkeyDecode=()=>{globalThis.zZ9=`m`;return 1};',
    ),
  },
  'is as it was in 2025': {
    isOld: true,
    page: page(
      `<script>window.Aa1=function(){var ok=window.document&&window.navigator&&window.zZ9==="m";return ok?"1d91fd9da716cc0b055c7d54648fc194":"00000000000000000000000000000000"};` +
        `window.ereNdsRqhp2Rd3LEW=function(){return window.Aa1()+"zz"}</script>${appTag}`,
      'let useFormkeyDecode=()=>{window.zZ9="m";return 1};',
    ),
  },
  'has a page whose marker is set by brackets': {
    page: page(
      `<script>${decoder('aB3', 'zZ9')};window["k3y"]=function(){return window["aB3"]("${seed}")}</script>${appTag}`,
      'let useFormkeyDecode=()=>{window["zZ9"]="m";return 1};',
    ),
  },
};

describe.concurrent('every command works where the site', () => {
  test.for(Object.entries(tastes))('%s', async ([, taste], context) => {
    await tour(await strangeSite(context, taste));
  });
});

const added = (change: (data: Json, index: number, all: readonly Event[]) => Json): Taste => ({
  order: (events) =>
    events.map((event, index) =>
      event.name === 'messageAdded' ? {...event, data: change(event.data, index, events)} : event,
    ),
});

/** What the answer to a send says. */
const answered = (change: (told: Json) => Json, more: Taste = {}): Taste => ({
  ...more,
  dress(value, name) {
    const inner = more.dress ? more.dress(value, name) : value;
    if (name !== 'sendMessageMutation' || !isObject(inner) || !isObject(inner.messageEdgeCreate)) return inner;
    return {messageEdgeCreate: change(inner.messageEdgeCreate)};
  },
});

const isOwn = (value: unknown): boolean => isObject(value) && value.author === 'human';
const unnamed = (value: unknown): unknown =>
  isOwn(value) ? {...(value as Json), author: '', clientNonce: null} : value;

/** Hangs up once, in the midst of a reply. */
function hangingUp(code: number): Taste {
  let isCut = false;
  return {
    send(socket, frame) {
      socket.send(frame);
      if (isCut || !String(frame).includes('says ')) return;
      isCut = true;
      if (code === 1006) socket.terminate();
      else socket.close(code, 'Because');
    },
  };
}

const replies: Record<string, Taste> = {
  ...Object.fromEntries([1000, 1001, 1006, 1011, 1012, 4000].map((code) => [`hangs up with ${code}`, hangingUp(code)])),
  'leaves the text out of its last update': added((data) => (data.state === 'complete' ? {...data, text: null} : data)),
  'tells no states but that of the job': added((data) => ({...data, state: null})),
  'tells no states but that of the job, not even when it is asked': {
    ...added((data) => ({...data, state: null})),
    dress: (value, name) => (name === 'ChatPageQuery' ? mapped(value, (object) => ({...object, state: null})) : value),
  },
  'tells states that nobody knows': added((data, index) =>
    data.state === 'complete' ? data : {...data, state: ['thinking', 'incomplete', 'queued_2', 7][index % 4]},
  ),
  'writes states in capitals': added((data) => ({...data, state: String(data.state).toUpperCase()})),
  'leaves the text out of its last update, and tells all before it answers': {
    ...added((data) => (data.state === 'complete' ? {...data, text: null} : data)),
    write: (response, text, type) =>
      void setTimeout(100).then(() => response.writeHead(200, {'Content-Type': type}).end(text)),
  },
  'complains beside a subscription that tells nothing': {
    envelope: (answer) =>
      isObject(answer.data) && 'autoSubscribe' in answer.data
        ? {data: {autoSubscribe: null}, errors: [{message: 'Server Error'}]}
        : answer,
  },
  'says that it is complete, twice': {
    order: (events) => events.flatMap((event) => (event.data.state === 'complete' ? [event, event] : [event])),
  },
  'names the chat in the event alone': {
    ...answered(({chat, ...told}) => ({...told, chat: null, botMessage: null, more: chat})),
  },
  'names the chat in the data of its events alone': {
    order: (events) =>
      events.map((event) => ({
        ...event,
        id: event.name,
        data: {...event.data, chat: {chatId: Number(/\d+$/.exec(event.id)?.[0])}},
      })),
    ...answered((told) => ({...told, botMessage: null})),
  },
  'does not say who wrote what': answered((told) => ({...told, message: null, botMessage: null}), {
    dress: (value, name) => (name === 'messageAdded' ? unnamed(value) : value),
  }),
  'never repeats what the user said': {
    dress: (value, name) => (name === 'messageAdded' && isOwn(value) ? null : value),
  },
  'tells more than the reply needs, of things nobody knows': {
    order: (events) =>
      events.flatMap((event) => [
        {name: 'somethingNew', id: 'somethingNew', data: {messageId: 5}},
        {name: 'messageEdited', id: 'messageEdited:x', data: {message: null}},
        event,
        {name: 'unreadChatsUpdated', id: 'unreadChatsUpdated:77', data: {unread: []}},
      ]),
  },
};

describe.concurrent('a reply is whole where the site', () => {
  test.for(Object.entries(replies))('%s', async ([, taste], context) => {
    const site = await strangeSite(context, taste);
    const {run, asked} = site;
    context.expect(await run('send', '-b', 'wordy', '--timeout', '8', 'one')).toEqual({
      code: 0,
      out: `${said('one')}\n`,
      err: '',
    });
    expect(asked.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
    context.expect(site.connections).toBe(taste.send ? 2 : 1);
  });
});

const failing = (data: Json | null, message: string): Taste => ({
  envelope: (answer) =>
    isObject(answer.data) && (Object.keys(data ?? {})[0] ?? '') in answer.data
      ? {data, errors: [{message, path: Object.keys(data ?? {})}]}
      : answer,
});

describe.concurrent('where the site says why something is null', () => {
  test.for([
    [['send', '-b', 'wordy', 'one'], {messageEdgeCreate: null}, 1],
    [['history'], {chats: null}, 1],
    [['explore'], {exploreBotsConnection: null}, 1],
    [['settings'], {viewer: null}, 1],
    [['import', 'sh4red'], {continueChatFromPoeShare: null}, 1],
    [['follow', '77'], {poeUserSetFollow: null}, 1],
    [['follow', '77'], {poeUserSetFollow: null, viewer: {id: 'x'}}, 1],
    [['send', '-b', 'wordy', 'one'], {messageEdgeCreate: null, viewer: {id: 'x'}}, 1],
  ] as const)('that is told: %s', async ([argv, data, code], context) => {
    const {run, asked} = await strangeSite(context, failing(data, 'Not on Sundays'));
    const outcome = await run(...argv);
    context.expect(outcome).toMatchObject({code, out: '', err: context.expect.stringContaining('“Not on Sundays”')});
    context
      .expect(asked.filter(({name}) => /^(?:chats?|send).*(?:page|history)/i.test(name)))
      .toHaveLength(argv[0] === 'history' ? 1 : 0);
  });
});
