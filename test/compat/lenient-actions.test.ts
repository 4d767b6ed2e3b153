import {expect, test} from 'vitest';
import {scriptedSite} from '../support/servers/scripted-site.js';

/* Commands other than send, on sites that differ from the sandbox where the protocol allows it. */

const chat = {chatId: 77, chatCode: 'abc', title: 'T'};
const question = {messageId: 11, text: 'q', state: 'complete', author: 'human'};
const answer = {messageId: 12, text: 'old', state: 'complete', author: 'capybara', messageCode: 'm12'};
const edges = (...nodes: object[]) => nodes.map((node) => ({node, cursor: 'x'}));
const page = (...nodes: object[]) => ({
  chatOfCode: {...chat, defaultBotObject: {displayName: 'Capy'}, messagesConnection: {edges: edges(...nodes)}},
});
const capy = {bot: {botId: 9, handle: 'Capy'}};

test('a retry rewrites the old message, with and without a price', async () => {
  for (const price of [undefined, 15]) {
    const {run, operations} = await scriptedSite({
      answer({queryName}, emit) {
        if (queryName === 'ChatPageQuery') {
          const {chatOfCode} = page(question, answer);
          return {
            chatOfCode: {
              ...chatOfCode,
              defaultBotObject: {displayName: 'Capy', messagePointLimit: price && {displayMessagePointPrice: price}},
            },
          };
        }
        if (queryName === 'HandleBotLandingPageQuery') return capy;
        setImmediate(() => {
          emit('messageAdded', answer);
          emit('messageAdded', {...answer, state: 'incomplete', text: ''});
          emit('messageAdded', {...answer, state: 'complete', text: 'new'});
        });
        return {messageRegenerate: {status: 'success', statusMessage: null}};
      },
    });
    expect(await run('retry', 'abc')).toEqual({code: 0, out: 'new\n', err: ''});
    const {variables} = operations.find(({queryName}) => queryName === 'regenerateMessageMutation') ?? {};
    expect(variables).toEqual({messageId: 12, ...(price !== undefined && {messagePointsDisplayPrice: price})});
  }
});

test('a retry with an identical reply ends when its job is done', async () => {
  const {run} = await scriptedSite({
    answer({queryName}, emit) {
      if (queryName === 'ChatPageQuery') return page(question, answer);
      if (queryName === 'HandleBotLandingPageQuery') return capy;
      setImmediate(() => emit('jobUpdated', {state: 'complete'}));
      return {messageRegenerate: {status: 'success', statusMessage: ''}};
    },
  });
  expect(await run('retry', 'abc')).toEqual({code: 0, out: 'old\n', err: ''});
});

test('an error shows why Poe refuses a retry', async () => {
  const {run} = await scriptedSite({
    answer: ({queryName}) =>
      queryName === 'ChatPageQuery'
        ? page(question, answer)
        : queryName === 'HandleBotLandingPageQuery'
          ? capy
          : {messageRegenerate: {status: 'reached_limit', statusMessage: 'Come back tomorrow'}},
  });
  const {code, err} = await run('retry', 'abc');
  expect(code).toBe(5);
  expect(err).toContain('Come back tomorrow');
});

test('attach reads what a bot has written from the chat if there is no live channel', async () => {
  const attach = async (...states: object[]) => {
    const {run} = await scriptedSite({
      channel: {baseHost: 'other.example'},
      answer: () => page(question, {...answer, ...(states.length > 1 ? states.shift() : states[0])}),
    });
    return run('attach', 'abc');
  };
  const unfinished = {state: 'incomplete', text: 'old'};
  expect(await attach(unfinished, unfinished, {text: 'old and new'})).toEqual({code: 0, out: 'old and new\n', err: ''});
  expect(await attach(unfinished)).toEqual({
    code: 7,
    out: 'old\n',
    err: expect.stringMatching(/unknown host: "other.example".*\n.*poe attach abc/),
  });
});

test('messages without an author are yours if they have a user', async () => {
  const {run, operations} = await scriptedSite({
    answer: ({queryName}) =>
      queryName === 'ChatPageQuery'
        ? page(
            {...question, author: '', authorUser: {uid: 5}},
            {...answer, author: '', authorUser: null, bot: {displayName: 'Capy'}},
            {messageId: 13, text: '', state: 'complete', author: 'chat_break'},
          )
        : {messagesShare: {shareCode: 's1', more: []}},
  });
  expect((await run('share', 'abc')).out).toMatch(/\/s\/s1\n$/);
  expect(operations.at(-1)?.variables).toEqual({chatId: 77, messageIds: [11, 12]});
});

test('a message with nothing but a nonce is shown as yours', async () => {
  const {run} = await scriptedSite({
    answer() {
      const {chatOfCode} = page(
        {...question, author: '', clientNonce: 'AAAAAAAAAAAAAAAA'},
        {...answer, author: '', bot: {displayName: 'Capy'}},
      );
      const messagesConnection = {...chatOfCode.messagesConnection, pageInfo: {hasPreviousPage: false}};
      return {chatOfCode: {...chatOfCode, messagesConnection}};
    },
  });
  expect((await run('history', 'show', 'abc')).out).toMatch(/^## You\n\nq\n\n## Capy\n\nold$/m);
});

test('import takes the chat from the response, and finds its bot on different pages', async () => {
  const pages = {
    '/s/plain': '<script>self.x.push("{\\"nickname\\":\\"capybara\\"}")</script>',
    '/s/data':
      '<script id="d" type="application/json">{"props":{"viewer":{"defaultBot":{"botId":1,"nickname":"other"}},' +
      '"shared":{"messages":[{"author":{"__typename":"Bot","botId":9,"nickname":"capybara"}}]}}}</script>',
    '/s/both':
      '<script type="application/json">{"bot":{"botId":9,"nickname":"capybara","displayName":"Capy"},' +
      '"messages":[{"bot":{"botId":9,"displayName":"Capy"}}]}</script>',
    '/s/handle':
      '<script type="application/json">{"chatShare":{"bot":{"__typename":"Bot","handle":"capybara"}}}</script>',
  };
  const {run, operations} = await scriptedSite({
    pages: Object.fromEntries(Object.entries(pages).map(([path, html]) => [path, {html}])),
    answer: () => ({
      continueChatFromPoeShare: {
        status: 'success',
        statusMessage: null,
        messages: [{node: null}, {node: {chat: {chatId: '99', chatCode: 'new'}}}],
      },
    }),
  });
  for (const code of ['plain', 'data', 'both', 'handle']) {
    expect(JSON.parse((await run('import', code, '--json')).out)).toMatchObject({chatId: 99, chatCode: 'new'});
    expect(operations.at(-1)?.variables).toEqual({shareCode: code, botName: 'capybara', postId: null});
  }
});

test('an import whose response names no chat is an error', async () => {
  const {run, operations} = await scriptedSite({
    pages: {
      '/s/x': {html: '{"nickname":"capybara"}'},
      '/s/gone': {status: 404, html: '<h1>Not found</h1>'},
      '/s/none': {html: '<p>'},
    },
    answer: () => ({continueChatFromPoeShare: {status: 'success', statusMessage: '', messages: []}}),
  });
  const {code, err} = await run('import', 'x');
  expect(code).toBe(1);
  expect(err).toContain('ContinueChatCTAButton_continueChatFromPoeShare_Mutation');
  expect(operations).toHaveLength(1);
  expect((await run('import', 'gone')).code).toBe(3);
  expect((await run('import', 'none')).err).toContain('No bot found on the page');
});

test('lists end if the cursor is missing or does not move, and skip malformed items', async () => {
  const {run, operations} = await scriptedSite({
    answer: ({queryName}) =>
      queryName === 'ChatHistoryListPaginationQuery'
        ? {
            chats: {
              edges: [{node: {chatId: 1, title: 5}}, {node: {odd: true}}, {node: null}],
              pageInfo: {hasNextPage: true, endCursor: 'same'},
            },
          }
        : {
            searchEntityConnection: {
              edges: [{node: {uid: 5, nullableHandle: null, followerCount: '7'}}, {node: {botId: 1}}],
              pageInfo: {hasNextPage: true, endCursor: null},
            },
          },
  });
  const chats = (await run('history', '--all', '--json')).out.trimEnd().split('\n');
  expect(chats).toHaveLength(1);
  expect(operations).toHaveLength(2);
  expect(JSON.parse(chats[0] ?? '')).toEqual({
    id: 'Q2hhdDox',
    chatId: 1,
    chatCode: null,
    title: null,
    bot: null,
    lastInteractionTime: null,
  });
  const users = await run('explore', '--user', 'x', '--all', '--json');
  expect(
    users.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      id: expect.any(String),
      uid: 5,
      handle: null,
      fullName: null,
      followerCount: 7,
      mediumProfilePhotoUrl: null,
      profilePhotoUrl: null,
    },
  ]);
});

test('older messages are requested before the oldest known one', async () => {
  const {run, operations} = await scriptedSite({
    answer: ({queryName, variables}) =>
      queryName === 'ChatPageQuery'
        ? {
            chatOfCode: {
              ...chat,
              messagesConnection: {edges: edges(question, answer), pageInfo: {hasPreviousPage: true, startCursor: 11}},
            },
          }
        : {
            node: {
              messagesConnection: {
                edges: edges({...question, messageId: 3}, question),
                pageInfo: {hasPreviousPage: variables.cursor !== '3'},
              },
            },
          },
  });
  const {out} = await run('history', 'show', 'abc', '--all', '--json');
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).messageId),
  ).toEqual([3, 11, 12]);
  expect(operations.slice(1).map(({variables}) => variables)).toEqual([
    {count: 50, cursor: '11', id: 'Q2hhdDo3Nw=='},
    {count: 50, cursor: '3', id: 'Q2hhdDo3Nw=='},
  ]);
});

test('errors show Poe’s reason for a refusal', async () => {
  const {run} = await scriptedSite({
    answer: ({queryName}) =>
      queryName === 'ChatPageQuery'
        ? page(question, answer)
        : {
            chatSetTitle: {status: 'error', statusMessage: 'Too rude'},
            poeUserSetFollow: {status: 'blocked'},
            poeSetDefaultBot: {status: 'success', statusMessage: null},
            viewer: {uid: 1},
          },
  });
  expect(await run('title', 'abc', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Poe did not set the title: "Too rude"'),
  });
  expect(await run('follow', '5')).toMatchObject({code: 1, err: expect.stringContaining('blocked')});
  expect((await run('settings', 'default-bot', '9', '--json')).code).toBe(0);
});

test('a refusal counts wherever Poe puts it, and other answers of any form as done', async () => {
  const commands = {
    messagesDelete: ['delete-messages', 'abc', '11', '--yes'],
    messageBreakEdgeCreate: ['clear-context', 'abc'],
    chatSetContextOptimization: ['context-optimization', 'abc', 'on'],
    deleteChat: ['delete-chat', 'abc', '--yes'],
    deleteUserMessages: ['purge', '--yes'],
    setAllChatDefaultMessagePointPriceThreshold: ['settings', 'point-limit', '5'],
    cancelViewerActiveJobs: ['cancel', 'abc'],
    messagesShare: ['share', 'abc', '11'],
  };
  let result: unknown;
  const {run} = await scriptedSite({
    answer: ({queryName}) =>
      queryName === 'ChatPageQuery'
        ? page(question, answer)
        : {viewer: {uid: 1}, ...Object.fromEntries(Object.keys(commands).map((field) => [field, result]))},
  });
  for (const [refusal, reason] of [
    [{status: 'error', statusMessage: 'Not today'}, '"Not today"'],
    [{status: 'no_access', statusMessage: null}, 'no_access'],
    [{statusMessage: 'Not today'}, '"Not today"'],
  ] as const) {
    result = refusal;
    for (const argv of Object.values(commands)) {
      const {code, err} = await run(...argv);
      expect({argv, code, err}).toEqual({argv, code: 1, err: expect.stringMatching(/^poe: Poe did not /)});
      expect(err).toContain(`: ${reason}\n`);
    }
  }
  for (const done of [{status: 'success', statusMessage: 'Saved'}, {status: 'deleted'}, {id: 'x', statusMessage: ''}]) {
    result = {...done, shareCode: 's'};
    for (const argv of Object.values(commands))
      expect({argv, code: (await run(...argv)).code}).toEqual({argv, code: 0});
  }
});

test('a message that Poe refuses to share may not exist, or Poe says why', async () => {
  const {run} = await scriptedSite({
    answer: ({queryName}) => (queryName === 'ChatPageQuery' ? page(question, answer) : {messagesShare: null}),
    errors: [{message: 'Not allowed'}],
  });
  expect(await run('share', 'abc', '11')).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^poe: No message 11 on Poe \(Poe refused .*: "Not allowed"\)\n/),
  });
});

test('commands exit with 3 if their chat no longer exists', async () => {
  const {run} = await scriptedSite({
    answer: ({queryName}) => (queryName === 'ChatHistoryListPaginationQuery' ? {chats: {edges: []}} : null),
  });
  for (const argv of [
    ['clear-context', '5'],
    ['context-optimization', '5', 'on'],
    ['delete-chat', '5', '--yes'],
    ['title', '5', 'x'],
    ['retry', '5'],
    ['cancel', 'nope'],
    ['attach', 'nope'],
  ]) {
    expect({argv, code: (await run(...argv)).code}).toEqual({argv, code: 3});
  }
});

test('the list of apps ends at an empty response of any form', async () => {
  for (const end of [null, {sharePreviewFromMessage: {sharedPreview: null}}, {sharePreviewFromMessage: null}]) {
    const {run} = await scriptedSite({
      answer: ({variables}) =>
        variables.index === 0
          ? {sharePreviewFromMessage: {sharedPreview: {shareUrl: 'https://poe.com/preview/1'}}}
          : end,
    });
    expect((await run('previews', '999999999999', '--json')).out).toBe('{"urls":["https://poe.com/preview/1"]}\n');
  }
});
