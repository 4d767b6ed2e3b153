import type {OperationKey, RawAnswerOf, VariablesOf} from '../core/web/operations.js';
import type {Channel} from './channel.js';
import {edgeOf, pageInfo, pageOf} from './connection.js';
import {botNode, chatNode, messageNode, personNode, settingsNode, viewerId} from './nodes.js';
import {ServerError} from './refusals.js';
import {ranked} from './search.js';
import {sendMessage} from './sending.js';
import type {Site} from './site.js';
import type {Upload} from './world.js';

/** What an answer may look at and do, besides its variables. */
export interface AnswerContext {
  readonly site: Site;
  /** The live channel that the request names, if it is alive. */
  readonly channel: Channel | undefined;
  /** The files that came with the request. */
  readonly uploads: readonly Upload[];
  /** Work to be done when the HTTP answer has left. */
  afterwards(work: () => Promise<void>): void;
}

/** How many of a chat's messages its page shows. */
const messagesAPage = 25;

/** What the site answers to each operation. @throws ServerError */
export const answers: {
  readonly [K in OperationKey]: (variables: VariablesOf<K>, context: AnswerContext) => RawAnswerOf<K>;
} = {
  subscribe({subscriptions}, {site, channel}) {
    const known = subscriptions.every(({subscriptionName, queryHash}) =>
      site.hashes.knowsSubscription(subscriptionName, queryHash),
    );
    if (!channel || !known) throw new ServerError();
    channel.subscribe(subscriptions.map(({subscriptionName}) => subscriptionName));
    return {autoSubscribe: {viewer: {id: viewerId}}};
  },

  sendMessage,

  cancelJobs({chatId}, {site}) {
    if (!site.world.chat(chatId)) throw new ServerError();
    site.world.cancelJobs(chatId);
    return {cancelViewerActiveJobs: {viewer: {id: viewerId}}};
  },

  botInfo({botHandle}, {site}) {
    const bot = site.world.bot(botHandle);
    const viewer = {id: viewerId, shouldUseFinishUploadEndpoint: false, fileUploadSizeLimits: '{"default":350000000}'};
    return Object.assign({bot: bot ? botNode(bot) : null}, {viewer});
  },

  search({query, entityType, count, cursor}, {site: {world}}) {
    const found =
      entityType === 'bot'
        ? ranked(query, world.bots, (bot) => ({names: [bot.handle, bot.displayName], more: bot.description})).map(
            botNode,
          )
        : ranked(query, world.people, (person) => ({names: [person.handle, person.fullName]})).map(personNode);
    return {searchEntityConnection: pageOf<unknown>(found, count, cursor)};
  },

  exploreBots({categoryName, count, cursor}, {site: {world}}) {
    const category = world.categories.find((name) => name === categoryName);
    const listed = world.bots.filter(
      ({categories}) => categoryName === 'defaultCategory' || (category && categories.includes(category)),
    );
    return {exploreBotsConnection: pageOf(listed.map(botNode), count, cursor)};
  },

  settings(_variables, {site}) {
    return {viewer: settingsNode(site.world)};
  },

  chatPage({chatCode}, {site: {world}}) {
    const chat = world.chatOfCode(chatCode);
    if (!chat) return {chatOfCode: null};
    const shown = chat.messages.slice(-messagesAPage);
    const messagesConnection = {
      edges: shown.map((message) => edgeOf(messageNode(message, world), String(message.messageId))),
      pageInfo: {
        ...pageInfo(null, false),
        startCursor: shown[0] ? String(shown[0].messageId) : null,
        hasPreviousPage: shown.length < chat.messages.length,
      },
    };
    return {chatOfCode: {...chatNode(chat), messagesConnection}};
  },

  history({count, cursor}, {site}) {
    if (count < 1 || !/^\d*$/.test(cursor ?? '')) throw new ServerError();
    const older = site.world.chats.filter(({lastUs}) => !cursor || lastUs < Number(cursor));
    const shown = older.slice(0, count);
    const last = shown.at(-1);
    return {
      chats: {
        edges: shown.map((chat) => edgeOf(chatNode(chat), String(chat.lastUs))),
        pageInfo: pageInfo(last ? String(last.lastUs) : null, shown.length < older.length),
      },
    };
  },
};
