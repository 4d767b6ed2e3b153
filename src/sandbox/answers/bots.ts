import {search} from '../world/search.js';
import type {World} from '../world/world.js';
import {type Answers, ServerError} from './answers.js';
import {botNode, personNode, profileNode, viewerId} from './nodes.js';
import {listPage} from './pages.js';

/** How many bots the first page of a category has. */
const botsPerPage = 25;
/** Poe's name for no category: all bots. */
const noCategory = 'defaultCategory';

export const botAnswers = {
  botInfo({botHandle}, {site: {facts, world}}) {
    const bot = world.bot(botHandle);
    const viewer = {
      id: viewerId,
      shouldUseFinishUploadEndpoint: facts.uploadMethod === 'finish',
      submitMessageParamsAsDict: facts.takesParametersAsObject,
      fileUploadSizeLimits: '{"default":350000000}',
    };
    return {bot: bot ? botNode(bot) : null, viewer};
  },

  rateCard({botId}, {site: {world}}) {
    const bot = world.bots.find((each) => each.botId === botId);
    if (!bot) throw new ServerError();
    const rateMenuMarkdown = `| Type | Rate |\n| --- | --- |\n| Bot message | ${bot.price} points / message |`;
    return {botById: {botPricing: {rateMenuMarkdown}}};
  },

  search({query, entityType, count, cursor}, {site: {world}}) {
    const results =
      entityType === 'bot'
        ? search(query, world.bots, (bot) => ({names: [bot.handle, bot.displayName], text: bot.description})).map(
            botNode,
          )
        : search(query, world.people, (person) => ({names: [person.handle, person.fullName]})).map((person) =>
            personNode(person, world),
          );
    return {searchEntityConnection: listPage<unknown>(results, count, cursor)};
  },

  exploreBots({categoryName, count, cursor}, {site: {world}}) {
    return {exploreBotsConnection: botsPage(categoryName, world, count, cursor)};
  },

  exploreIndex({categoryName}, {site: {world}}) {
    if (![noCategory, ...world.categories].includes(categoryName)) throw new ServerError();
    return Object.assign(
      {exploreBotsCategoryObjects: world.categories.map(categoryNode)},
      {exploreBotsConnection: botsPage(categoryName, world, botsPerPage, null), viewer: {id: viewerId}},
    );
  },

  userInfo({handle}, {site: {world}}) {
    const person = world.person(handle);
    return {user: person ? profileNode(person, world) : null};
  },

  setFollow({shouldFollow, targetUid}, {site: {world}}) {
    const person = world.personById(targetUid);
    if (!person) throw new ServerError();
    if (targetUid === world.viewer.uid) {
      return {poeUserSetFollow: {status: 'cannot_follow_self', statusMessage: 'You cannot follow yourself.'}};
    }
    world.setFollow(person, shouldFollow);
    const changed = {status: 'success', statusMessage: '', targetUser: personNode(person, world)};
    return {poeUserSetFollow: changed};
  },
} satisfies Partial<Answers>;

function botsPage(categoryName: string, world: World, count: number, cursor: string | number | null | undefined) {
  const category = world.categories.find((name) => name === categoryName);
  const bots = world.bots.filter(
    ({categories}) => categoryName === noCategory || (category && categories.includes(category)),
  );
  return listPage(bots.map(botNode), count, cursor);
}

const categoryNode = (categoryName: string) => ({
  __typename: 'ExploreBotsCategory',
  id: Buffer.from(`ExploreBotsCategory:${categoryName}`).toString('base64'),
  categoryName,
  translatedCategoryName: categoryName,
});
