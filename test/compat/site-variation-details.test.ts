import {expect, test} from 'vitest';
import {sendsOf, withSandbox} from '../support/harness.js';
import {type Event, type Json, strangeSite, type Taste} from '../support/site-variations.js';

/* Single things that a site may do in another way than the sandbox. */

const said = 'Grüße 👋 says Wordy to one\n';
const sendOne = ['send', '-b', 'wordy', '--timeout', '5', 'one'] as const;
const told = (event: Json): string => JSON.stringify(event);
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Hangs up once, in the midst of the reply. */
const cutOnce = (): Taste['send'] => {
  let isCut = false;
  return (socket, frame) => {
    socket.send(frame);
    if (isCut || !String(frame).includes('says ')) return;
    isCut = true;
    socket.terminate();
  };
};

test.for<[string, (seq: number, count: number) => number]>([
  ['stand still', () => 1],
  ['are lower than the channel began with', (seq) => seq - 4_807_332_000],
  ['begin anew with each connection', (_seq, count) => count],
])('after a cut nothing of a reply is passed over where positions %s', async ([, position], context) => {
  let count = 0;
  const {run, asked} = await strangeSite(context, {
    send: cutOnce(),
    onConnect: () => void (count = 0),
    frames: (events, seq) => [JSON.stringify({messages: events.map(told), min_seq: position(seq, ++count)})],
    dress: (value, name) => (name === 'ChatPageQuery' ? {chatOfCode: null} : value),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(asked.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('the live channel is found on the page among other things, where the settings do not tell it', async (context) => {
  const channels: string[] = [];
  const {run} = await strangeSite(context, {
    settings: ({tchannelData}) => ({
      json: undefined,
      page: `<script id="__NEXT_DATA__" type="application/json">{"props":{"tchannelData":${JSON.stringify({
        ...(tchannelData as Json),
        more: {deep: {er: '}'}},
      })}}}</script>`,
    }),
    onConnect: (_socket, _count, url) => void channels.push(url.searchParams.get('channel') ?? ''),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(channels).toEqual(['poe-chan109-8888-abcd']);
});

test('the hash of a channel goes back digit by digit, though it is written as a number', async (context) => {
  const hashes: (string | null)[] = [];
  const {run} = await strangeSite(context, {
    settings: (settings) => ({
      json: JSON.stringify(settings).replace('"17789837973223261609"', '17789837973223261609'),
    }),
    onConnect: (_socket, _count, url) => void hashes.push(url.searchParams.get('hash')),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(hashes).toEqual(['17789837973223261609']);
});

test('a channel that is called off by a frame of its own is replaced', async (context) => {
  let calls = 0;
  const {run} = await strangeSite(context, {
    onConnect(socket, connection) {
      calls = connection;
      if (connection === 1) socket.send('{"message_type":"refetchChannel"}');
    },
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(calls).toBe(2);
});

test('an event may name more behind the chat', async (context) => {
  const {run} = await strangeSite(context, {
    order: (events) => events.map((event) => ({...event, id: `${event.id}:abc`})),
    dress: (value) =>
      isObject(value) && isObject(value.messageEdgeCreate)
        ? {messageEdgeCreate: {...value.messageEdgeCreate, botMessage: null}}
        : value,
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
});

test('a title is set where Poe says so by an answer without complaint', async (context) => {
  const {run, chats} = await strangeSite(context, {
    dress: (value, name) =>
      /SetTitle/.test(name) && isObject(value) && value.chatSetTitle !== null ? {chatSetTitle: {id: 'x'}} : value,
  });
  await run(...sendOne);
  const code = chats[0]?.code ?? '';
  expect(JSON.parse((await run('title', code, 'New', '--json')).out)).toMatchObject({title: 'New'});
});

test.for(['Persisted query not found', 'PersistedQueryNotFound: 5c04dd'])(
  '“%s” is understood wherever it stands',
  async (message, context) => {
    const {run} = await strangeSite(context, {
      envelope: (answer) =>
        isObject(answer.data) && 'exploreBotsCategoryObjects' in answer.data
          ? {data: null, errors: [{message: 'Something'}, {message}]}
          : answer,
    });
    expect(await run('categories')).toMatchObject({code: 1, err: expect.stringContaining('the operation')});
  },
);

test('files that the site finds too large are told of as that, and nothing is sent', async () => {
  const {run, sandbox} = await withSandbox();
  const page = {status: 413, headers: {'Content-Type': 'text/html'}, body: '<html>413 Request Entity Too Large</html>'};
  sandbox.faults.respondOnce({path: '/api/gql_upload_POST'}, page);
  const {code, err} = await run('send', '-q', '-f', 'package.json', 'one');
  expect(code).toBe(5);
  expect(err).toContain('too large');
  expect(sendsOf(sandbox)).toBe(1);
});

test('a cookie that the site takes back is not sent any more', async (context) => {
  const {run, asked} = await strangeSite(context, {
    write: (response, text, type) =>
      void response
        .writeHead(200, {
          'Content-Type': type,
          'Set-Cookie': ['one=1; Path=/', 'gone=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'old=x; Max-Age=0'],
        })
        .end(text),
  });
  await run(...sendOne);
  const cookies = asked.at(-1)?.headers.cookie ?? '';
  expect(cookies).toContain('one=1');
  expect(cookies).not.toMatch(/gone|old/);
});

test.for([
  [503, 1],
  [404, 1],
])('a socket that is refused once, with %i, is asked for once more', async ([status = 0, sockets = 0], context) => {
  const {run, asked} = await strangeSite(context, {refuses: {sockets, status}});
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(asked.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
});

test('a socket that is always refused ends the send, before it leaves', async (context) => {
  const {run, asked} = await strangeSite(context, {refuses: {sockets: 1_000, status: 503}});
  expect(await run(...sendOne)).toMatchObject({
    code: 6,
    err: expect.stringContaining('refused the live connection'),
  });
  expect(asked.map(({name}) => name)).not.toContain('sendMessageMutation');
});

test('what was asked is asked once more where the answer breaks off, but nothing is done twice', async (context) => {
  const cut = new Set<string>();
  const {run, asked} = await strangeSite(context, {
    write(response, text, type, request) {
      const what = `${request.url} ${String(request.headers['poe-queryname'])}`;
      const isCut = !cut.has(what) && !/subscriptions/.test(what);
      cut.add(what);
      response.writeHead(200, {'Content-Type': type});
      if (!isCut) return void response.end(text);
      response.write(text.slice(0, 10), () => response.destroy());
    },
  });
  expect(await run('bot-info', 'wordy')).toMatchObject({code: 0, err: ''});
  expect(await run('history', '--json')).toMatchObject({code: 0, err: ''});
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(asked.filter(({name}) => name === 'sendMessageMutation')).toHaveLength(1);
  expect(await run('purge', '--yes')).toMatchObject({code: 6});
});

test('where the bot leaves the message that was named and writes another one, that is the reply', async (context) => {
  const {run} = await strangeSite(context, {
    order: (events) =>
      events.map((event) =>
        event.name === 'messageAdded' ? {...event, data: {...event.data, messageId: 999_999_999_999, id: 'x'}} : event,
      ),
    dress: (value, name) => (name === 'ChatPageQuery' ? {chatOfCode: null} : value),
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
});

test('in a chat that is there a reply is not taken for an older one, though the answer names no message', async (context) => {
  const unnamed = (value: unknown): unknown =>
    isObject(value) && value.author === 'human' ? {...value, author: '', clientNonce: null} : value;
  const {run} = await strangeSite(context, {
    dress(value, name) {
      if (name === 'messageAdded') return unnamed(value);
      const told = isObject(value) ? value.messageEdgeCreate : undefined;
      return isObject(told) ? {messageEdgeCreate: {...told, message: null, botMessage: null}} : value;
    },
    order: (events) => [{...events[0], data: {...events[0]?.data, messageId: 5, text: 'older'}} as Event, ...events],
  });
  expect(await run(...sendOne)).toEqual({code: 0, out: said, err: ''});
  expect(await run('send', '-c', 'last', 'two')).toEqual({code: 0, out: said.replace('one', 'two'), err: ''});
});
