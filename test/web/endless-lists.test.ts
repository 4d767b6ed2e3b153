import {expect, test} from 'vitest';
import {scriptedApi} from '../support/servers/scripted-api.js';
import {scriptedSite} from '../support/servers/scripted-site.js';

/* Lists that a faulty server never ends. */

const lists = {
  'with pages that repeat': {
    node: (page: number) => (page % 2) + 10,
    cursor: (page: number) => (page % 2 ? 'a' : 'b'),
    pages: 3,
  },
  'with the same items on every page': {node: () => 1, cursor: (page: number) => `cursor ${page}`, pages: 2},
  'of unreadable items': {node: () => null, cursor: (page: number) => `cursor ${page}`, pages: 2},
};

const commands = [
  ['history', '--all'],
  ['send', '-c', '3', 'hello'],
  ['history', 'search', 'hello'],
  ['explore', '--all'],
  ['explore', '--all', '--user', 'hello'],
];

const rows = Object.entries(lists).flatMap(([kind, list]) =>
  commands.map((argv) => ({kind, line: argv.join(' '), argv, list})),
);

test.each(rows)('poe $line ends for a list $kind', async ({argv, list, kind}) => {
  let pages = 0;
  const connection = () => {
    pages++;
    const id = list.node(pages);
    const node = id === null ? {} : {chatId: id, botId: id, uid: id, handle: `h${id}`, title: `t${id}`};
    return {edges: [{node}], pageInfo: {hasNextPage: true, endCursor: list.cursor(pages)}};
  };
  const {run} = await scriptedSite({
    answer({queryName}) {
      if (queryName === 'HandleBotLandingPageQuery') return {bot: {botId: 9, handle: 'Capy'}};
      const page = connection();
      return {chats: page, exploreBotsConnection: page, searchEntityConnection: page};
    },
  });
  const {code, err} = await run(...argv);
  const isUnreadable = kind === 'of unreadable items';
  expect({code, pages}).toEqual({
    code: isUnreadable ? 1 : argv[0] === 'send' ? 3 : 0,
    pages: list.pages,
  });
  if (isUnreadable) expect(err).toContain('Poe sent a list in an unknown format');
});

test.each(Object.entries(lists))('poe usage ends for a list %s', async (kind, list) => {
  let pages = 0;
  const {run} = await scriptedApi({
    '/usage/points_history': () => {
      pages++;
      const id = list.node(pages);
      const row = {query_id: `q${id}`, bot_name: 'B', creation_time: 1_700_000_000_000_000, cost_points: 1};
      // The last query is the cursor, if it has an id.
      return {has_more: true, next_cursor: list.cursor(pages), data: [id === null ? {} : row]};
    },
  });
  const {code} = await run('usage');
  expect({code, pages}).toEqual({code: kind === 'of unreadable items' ? 1 : 0, pages: list.pages});
});
