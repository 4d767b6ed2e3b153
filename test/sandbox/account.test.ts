import {expect, test} from 'vitest';
import {dataOf, openSandbox, openConversation, post, serverError} from '../support/raw-client.js';

test('a profile is found by its handle in any letter case', async () => {
  const sandbox = await openSandbox();
  const {user} = await dataOf(sandbox, 'userInfo', {handle: 'OpenAI'});
  expect(user).toMatchObject({
    id: 'UG9lVXNlcjoyOTEwNDAwODc5',
    uid: 2910400879,
    handle: 'openai',
    fullName: 'OpenAI',
    followerCount: 2470,
    viewerIsFollowing: false,
    bio: expect.any(String),
    followeeCount: expect.any(Number),
  });
  expect(user).not.toHaveProperty('nullableHandle');
  expect(await dataOf(sandbox, 'userInfo', {handle: 'no-such-user'})).toEqual({user: null});
});

test('a profile lists the bots of its user', async () => {
  const sandbox = await openSandbox();
  const {user} = await dataOf(sandbox, 'userInfo', {handle: 'AdaBrandt'});
  const [bot] = user.createdBots;
  expect(user.createdBotCount).toBe(user.createdBots.length);
  expect((await dataOf(sandbox, 'botInfo', {botHandle: bot.handle})).bot.isCreatedByPoeUserAccount).toBe(true);
});

test('following a user adds one follower, however often it is done', async () => {
  const sandbox = await openSandbox();
  const setFollow = async (shouldFollow: boolean) =>
    (await dataOf(sandbox, 'setFollow', {shouldFollow, targetUid: 2910400879})).poeUserSetFollow.status;
  const followers = async () => {
    const {followerCount, viewerIsFollowing} = (await dataOf(sandbox, 'userInfo', {handle: 'openai'})).user;
    const results = await dataOf(sandbox, 'search', {query: 'openai', entityType: 'user', count: 1});
    expect(results.searchEntityConnection.edges[0].node).toMatchObject({followerCount, viewerIsFollowing});
    return [followerCount, viewerIsFollowing];
  };
  for (const times of [1, 2]) {
    expect({times, status: await setFollow(true)}).toEqual({times, status: 'success'});
    expect(await followers()).toEqual([2471, true]);
  }
  expect((await dataOf(sandbox, 'userInfo', {handle: 'sandbox'})).user.followeeCount).toBe(1);
  for (const times of [1, 2]) {
    expect({times, status: await setFollow(false)}).toEqual({times, status: 'success'});
    expect(await followers()).toEqual([2470, false]);
  }
});

test('following yourself or an unknown user fails', async () => {
  const sandbox = await openSandbox();
  const self = await dataOf(sandbox, 'setFollow', {shouldFollow: true, targetUid: 659168979});
  expect(self.poeUserSetFollow).toEqual({
    status: 'cannot_follow_self',
    statusMessage: 'You cannot follow yourself.',
  });
  expect((await post(sandbox, 'setFollow', {shouldFollow: true, targetUid: 1})).text).toBe(serverError);
});

test('the default bot can be changed, in one sandbox only', async () => {
  const sandbox = await openSandbox();
  expect((await dataOf(sandbox, 'setDefaultBot', {botId: 1026})).poeSetDefaultBot.status).toBe('success');
  expect((await dataOf(sandbox, 'settings', {})).viewer.defaultBot).toMatchObject({
    botId: 1026,
    displayName: 'Claude-3.7-Sonnet-Reasoning',
    id: 'Qm90OjEwMjY=',
  });
  expect((await post(sandbox, 'setDefaultBot', {botId: 1})).text).toBe(serverError);
  expect((await dataOf(await openSandbox(), 'settings', {})).viewer.defaultBot.botId).toBe(3002);
});

test('the point limit can be set to a whole number', async () => {
  const sandbox = await openSandbox();
  const limitOf = ({messagePointInfo}: {messagePointInfo: Record<string, unknown>}) =>
    messagePointInfo.allChatDefaultPointPriceThresholdPerMessage;
  const {viewer} = (await dataOf(sandbox, 'setPointLimit', {priceThresholdInPoints: '1234'}))
    .setAllChatDefaultMessagePointPriceThreshold;
  expect(limitOf(viewer)).toBe(1234);
  for (const priceThresholdInPoints of ['', '-1', '1.5', '9'.repeat(40), 77]) {
    expect((await post(sandbox, 'setPointLimit', {priceThresholdInPoints})).text).toBe(serverError);
  }
  expect(limitOf((await dataOf(sandbox, 'settings', {})).viewer)).toBe(1234);
});

test('the settings show the remaining points', async () => {
  const {call, sendAndWait} = await openConversation();
  await sendAndWait('GPT-4o-Mini', 'hello');
  expect((await call('settings', {})).viewer.messagePointInfo.messagePointBalance).toBe(1812);
});

test('the first page of a category lists all categories and the first bots', async () => {
  const sandbox = await openSandbox();
  const all = await dataOf(sandbox, 'exploreIndex', {categoryName: 'defaultCategory'});
  expect(all.exploreBotsCategoryObjects).toHaveLength(25);
  expect(all.exploreBotsCategoryObjects[0]).toMatchObject({
    categoryName: 'Official',
    translatedCategoryName: 'Official',
  });
  const {exploreBotsConnection: first} = await dataOf(sandbox, 'exploreIndex', {categoryName: 'Official'});
  expect(first.pageInfo.hasNextPage).toBe(true);
  const {exploreBotsConnection: rest} = await dataOf(sandbox, 'exploreBots', {
    categoryName: 'Official',
    count: 99,
    cursor: first.pageInfo.endCursor,
  });
  expect(first.edges.length + rest.edges.length).toBe(
    sandbox.world.bots.filter(({categories}) => categories.includes('Official')).length,
  );
  expect((await post(sandbox, 'exploreIndex', {categoryName: 'Nothing'})).text).toBe(serverError);
});
