import {expect, test} from 'vitest';
import {countSends, withSandbox} from '../support/harness.js';
import {type Event, type Json, variedSite, type SiteVariation} from '../support/servers/site-variations.js';

/* Single ways in which a site may differ from the sandbox. */

const text = 'Grüße 👋 says Wordy to one\n';
const sendOne = ['send', '-b', 'wordy', 'one'] as const;
const stringify = (event: Json): string => JSON.stringify(event);
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Closes the connection once, during the reply. */
const cutOnce = (): SiteVariation['sendFrame'] => {
  let isCut = false;
  return (socket, frame) => {
    socket.send(frame);
    if (isCut || !String(frame).includes('says ')) return;
    isCut = true;
    socket.terminate();
  };
};

test.for<[string, (seq: number, count: number) => number]>([
  ['do not change', () => 1],
  ['are lower than the first one of the channel', (seq) => seq - 4_807_332_000],
  ['restart with each connection', (_seq, count) => count],
])('after a lost connection no part of a reply is skipped if positions %s', async ([, position], context) => {
  let count = 0;
  const {run, operations} = await variedSite(context, {
    sendFrame: cutOnce(),
    onConnect: () => void (count = 0),
    toFrames: (events, seq) => [JSON.stringify({messages: events.map(stringify), min_seq: position(seq, ++count)})],
    transform: (value, name) => (name === 'ChatPageQuery' ? {chatOfCode: null} : value),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(operations.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('channel data is found inside the page if the settings do not contain it', async (context) => {
  const channels: string[] = [];
  const {run} = await variedSite(context, {
    placeSettings: ({tchannelData}) => ({
      json: undefined,
      page: `<script id="__NEXT_DATA__" type="application/json">{"props":{"tchannelData":${JSON.stringify({
        ...(tchannelData as Json),
        more: {deep: {er: '}'}},
      })}}}</script>`,
    }),
    onConnect: (_socket, _count, url) => void channels.push(url.searchParams.get('channel') ?? ''),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(channels).toEqual(['poe-chan109-8888-abcd']);
});

test('the hash of a channel is sent back digit by digit, even if it is a JSON number', async (context) => {
  const hashes: (string | null)[] = [];
  const {run} = await variedSite(context, {
    placeSettings: (settings) => ({
      json: JSON.stringify(settings).replace('"17789837973223261609"', '17789837973223261609'),
    }),
    onConnect: (_socket, _count, url) => void hashes.push(url.searchParams.get('hash')),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(hashes).toEqual(['17789837973223261609']);
});

test('a channel that is closed by a frame of its own is replaced', async (context) => {
  let calls = 0;
  const {run} = await variedSite(context, {
    onConnect(socket, connection) {
      calls = connection;
      if (connection === 1) socket.send('{"message_type":"refetchChannel"}');
    },
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(calls).toBe(2);
});

test('the id of an event may continue after the chat id', async (context) => {
  const {run} = await variedSite(context, {
    orderEvents: (events) => events.map((event) => ({...event, id: `${event.id}:abc`})),
    transform: (value) =>
      isObject(value) && isObject(value.messageEdgeCreate)
        ? {messageEdgeCreate: {...value.messageEdgeCreate, botMessage: null}}
        : value,
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
});

test('a title is set if the response has no error', async (context) => {
  const {run, chats} = await variedSite(context, {
    transform: (value, name) =>
      /SetTitle/.test(name) && isObject(value) && value.chatSetTitle !== null ? {chatSetTitle: {id: 'x'}} : value,
  });
  await run(...sendOne);
  const code = chats[0]?.code ?? '';
  expect(JSON.parse((await run('title', code, 'New', '--json')).out)).toMatchObject({title: 'New'});
});

test.for(['Persisted query not found', 'PersistedQueryNotFound: 5c04dd'])(
  'the error “%s” is recognized at any position',
  async (message, context) => {
    const {run} = await variedSite(context, {
      wrapResponse: (answer) =>
        isObject(answer.data) && 'exploreBotsCategoryObjects' in answer.data
          ? {data: null, errors: [{message: 'Something'}, {message}]}
          : answer,
    });
    expect(await run('categories')).toMatchObject({code: 1, err: expect.stringContaining('the operation')});
  },
);

test('HTTP 413 for an upload is reported as a file that is too large', async () => {
  const {run, sandbox} = await withSandbox();
  const page = {status: 413, headers: {'Content-Type': 'text/html'}, body: '<html>413 Request Entity Too Large</html>'};
  sandbox.faults.respondOnce({path: '/api/gql_upload_POST'}, page);
  const {code, err} = await run('send', '-q', '-f', 'package.json', 'one');
  expect(code).toBe(5);
  expect(err).toContain('too large');
  expect(countSends(sandbox)).toBe(1);
});

test('a cookie that the site deletes is no longer sent', async (context) => {
  const {run, operations} = await variedSite(context, {
    writeResponse: (response, text, type) =>
      void response
        .writeHead(200, {
          'Content-Type': type,
          'Set-Cookie': ['one=1; Path=/', 'gone=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'old=x; Max-Age=0'],
        })
        .end(text),
  });
  await run(...sendOne);
  const cookies = operations.at(-1)?.headers.cookie ?? '';
  expect(cookies).toContain('one=1');
  expect(cookies).not.toMatch(/gone|old/);
});

test.for([
  [503, 1],
  [404, 1],
])('a socket that is refused once, with HTTP %i, is opened again', async ([status = 0, sockets = 0], context) => {
  const {run, operations} = await variedSite(context, {refuseSockets: {sockets, status}});
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(operations.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('a socket that is always refused ends the command before the message is sent', async (context) => {
  const {run, operations} = await variedSite(context, {refuseSockets: {sockets: 1_000, status: 503}});
  expect(await run(...sendOne)).toMatchObject({
    code: 6,
    err: expect.stringContaining('refused the live connection'),
  });
  expect(operations.map(({name}) => name)).not.toContain('sendMessageMutation');
});

test('a query is repeated if its response breaks off, but a mutation is not', async (context) => {
  const cut = new Set<string>();
  const {run, operations} = await variedSite(context, {
    writeResponse(response, text, type, request) {
      const key = `${request.url} ${String(request.headers['poe-queryname'])}`;
      const isCut = !cut.has(key) && !/subscriptions/.test(key);
      cut.add(key);
      response.writeHead(200, {'Content-Type': type});
      if (!isCut) return void response.end(text);
      response.write(text.slice(0, 10), () => response.destroy());
    },
  });
  expect(await run('bot-info', 'wordy')).toMatchObject({code: 0, err: ''});
  expect(await run('history', '--json')).toMatchObject({code: 0, err: ''});
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(operations.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
  expect(await run('purge', '--yes')).toMatchObject({code: 6});
});

test('if the bot writes another message than the announced one, that is the reply', async (context) => {
  const {run} = await variedSite(context, {
    orderEvents: (events) =>
      events.map((event) =>
        event.name === 'messageAdded' ? {...event, data: {...event.data, messageId: 999_999_999_999, id: 'x'}} : event,
      ),
    transform: (value, name) => (name === 'ChatPageQuery' ? {chatOfCode: null} : value),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
});

test('in an existing chat an older message is not mistaken for the reply, even if the response names no message', async (context) => {
  const unnamed = (value: unknown): unknown =>
    isObject(value) && value.author === 'human' ? {...value, author: '', clientNonce: null} : value;
  const {run} = await variedSite(context, {
    transform(value, name) {
      if (name === 'messageAdded') return unnamed(value);
      const created = isObject(value) ? value.messageEdgeCreate : undefined;
      return isObject(created) ? {messageEdgeCreate: {...created, message: null, botMessage: null}} : value;
    },
    orderEvents: (events) => [
      {...events[0], data: {...events[0]?.data, messageId: 5, text: 'older'}} as Event,
      ...events,
    ],
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: text, err: ''});
  expect(await run('send', '-c', 'last', 'two')).toEqual({code: 0, out: text.replace('one', 'two'), err: ''});
});
