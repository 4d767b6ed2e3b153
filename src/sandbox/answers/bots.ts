import {pageOf} from './pages.js';
import {botNode, personNode, profileNode, viewerId} from './nodes.js';
import {ServerError} from '../server/errors.js';
import {ranked} from '../world/search.js';
import type {World} from '../world/world.js';
import type {Answers} from './answers.js';

/** How many bots the page of a category shows at first. */
const botsAPage = 25;
/** What those see who chose no category. */
const everything = 'defaultCategory';

export const botAnswers = {
  botInfo({botHandle}, {site}) {
    const bot = site.world.bot(botHandle);
    const isAhead = site.rules.upload === 'finish';
    const viewer = {
      id: viewerId,
      shouldUseFinishUploadEndpoint: isAhead,
      fileUploadSizeLimits: '{"default":350000000}',
    };
    return {bot: bot ? botNode(bot) : null, viewer};
  },

  search({query, entityType, count, cursor}, {site: {world}}) {
    const found =
      entityType === 'bot'
        ? ranked(query, world.bots, (bot) => ({names: [bot.handle, bot.displayName], more: bot.description})).map(
            botNode,
          )
        : ranked(query, world.people, (person) => ({names: [person.handle, person.fullName]})).map((person) =>
            personNode(person, world),
          );
    return {searchEntityConnection: pageOf<unknown>(found, count, cursor)};
  },

  exploreBots({categoryName, count, cursor}, {site: {world}}) {
    return {exploreBotsConnection: botsOf(categoryName, world, count, cursor)};
  },

  exploreIndex({categoryName}, {site: {world}}) {
    const isKnown = [everything, ...world.categories].includes(categoryName);
    if (!isKnown) throw new ServerError();
    return Object.assign(
      {exploreBotsCategoryObjects: world.categories.map(categoryNode)},
      {exploreBotsConnection: botsOf(categoryName, world, botsAPage, null), viewer: {id: viewerId}},
    );
  },

  userInfo({handle}, {site: {world}}) {
    const person = world.person(handle);
    return {user: person ? profileNode(person, world) : null};
  },

  setFollow({shouldFollow, targetUid}, {site: {world}}) {
    const person = world.personOf(targetUid);
    if (!person) throw new ServerError();
    if (targetUid === world.viewer.uid) {
      return {poeUserSetFollow: {status: 'cannot_follow_self', statusMessage: 'You cannot follow yourself.'}};
    }
    world.setFollow(person, shouldFollow);
    const followed = {status: 'success', statusMessage: '', targetUser: personNode(person, world)};
    return {poeUserSetFollow: followed};
  },
} satisfies Partial<Answers>;

function botsOf(categoryName: string, world: World, count: number, cursor: string | null | undefined) {
  const category = world.categories.find((name) => name === categoryName);
  const listed = world.bots.filter(
    ({categories}) => categoryName === everything || (category && categories.includes(category)),
  );
  return pageOf(listed.map(botNode), count, cursor);
}

const categoryNode = (categoryName: string) => ({
  __typename: 'ExploreBotsCategory',
  id: Buffer.from(`ExploreBotsCategory:${categoryName}`).toString('base64'),
  categoryName,
  translatedCategoryName: categoryName,
});
