import * as v from 'valibot';
import {count} from '../../../input/lenient.js';
import {connectionOf} from '../../../connection.js';
import {Chat, Message} from '../../../model.js';
import {anything, cursor, cursorOrNull, id, int, maybe, nonce, operation, result, textOrNull} from './operation.js';

/** A chat with its newest messages and the price of its bot. */
const ChatOfPage = v.intersect([
  Chat,
  v.object({
    messagesConnection: maybe(connectionOf(Message)),
    defaultBotObject: maybe(v.object({messagePointLimit: maybe(v.object({displayMessagePointPrice: count}))})),
  }),
]);

export const chatOperations = {
  /** The newest messages of a chat, oldest first. */
  chatPage: operation(
    'query',
    {
      '2025-03': {
        name: 'ChatPageQuery',
        hash: '82ea9ced7cb46a25ef787e118a00d27c6d69cec3791e0317c8f335b064d211a7',
      },
      '2026-08': {hash: '1c929ada3d107cd28b4df143bbf7305f51eb6cd9dcf89b6cb3bd6a7cc0112121'},
    },
    v.strictObject({chatCode: v.string()}),
    v.object({chatOfCode: v.nullish(ChatOfPage, null)}),
  ),

  /** Messages older than the cursor, oldest first. */
  olderMessages: operation(
    'query',
    {
      '2025-03': {
        name: 'ChatListPaginationQuery',
        hash: 'c1a8fd96dd6e0a4679814182951b1e256e175587513c81b223addf931833a692',
      },
      '2026-08': {hash: 'a294b112132f513a057b103d9dc2cc777c64a426850411fe9e7b1b822da2e087'},
    },
    v.strictObject({
      count: int,
      /** Of the oldest message of the page before; null for the newest page. */
      cursor: cursorOrNull,
      /** The node id of the chat. */
      id: v.string(),
    }),
    v.object({node: maybe(v.object({messagesConnection: maybe(connectionOf(Message))}))}),
  ),

  history: operation(
    'query',
    {
      '2025-03': {
        name: 'ChatHistoryListPaginationQuery',
        hash: '6ce01455b0201e625489da90c65f87a2809d212ea41ab6e39412b6913990e81f',
      },
    },
    v.strictObject({count: int, cursor}),
    v.object({chats: connectionOf(Chat)}),
  ),

  /** The chats with one bot. */
  historyOfBot: operation(
    'query',
    {
      '2025-03': {
        name: 'ChatHistoryFilteredListPaginationQuery',
        hash: 'b27c110fc75c59a23b660438b209a699f3911a7d3902e2a8e9728d2cc1c5d5b9',
      },
    },
    v.strictObject({count: int, handle: v.string(), cursor: cursorOrNull}),
    v.object({filteredChats: maybe(connectionOf(Chat))}),
  ),

  setChatTitle: operation(
    'mutation',
    {
      '2025-03': {
        name: 'ChatSettingsModal_ChatSetTitle_Mutation',
        hash: '3622c78363768bac6272765ffc507cd0416218917b3668ed39cced221de94c0f',
      },
    },
    v.strictObject({chatId: id, title: v.string()}),
    v.object({chatSetTitle: result}),
  ),

  setContextOptimization: operation(
    'mutation',
    {
      '2025-03': {
        name: 'ChatSettingsModal_ChatSetContextOptimization_Mutation',
        hash: '1e314e6829565b88fff37dfcbaab95dabe5338df7e231f7a2a2cb420545645b6',
      },
    },
    v.strictObject({chatId: id, isContextOptimizationOn: v.boolean()}),
    v.object({chatSetContextOptimization: anything}),
  ),

  /** Clears the context. */
  breakChat: operation(
    'mutation',
    {
      '2025-03': {
        name: 'sendChatBreakMutation',
        hash: '52035c9f0323132306b9cd36dd800edd3bc1418fc0d5cc1f6d1ed418155eaa8b',
      },
      '2026-08': {hash: 'f1c759d5a5248717860192964538f3658dbc91c52e8ca92a7adbfab9e6c5536d'},
    },
    v.strictObject({chatId: id, clientNonce: nonce}),
    v.object({messageBreakEdgeCreate: anything}),
  ),

  deleteChat: operation(
    'mutation',
    {
      '2025-03': {
        name: 'useDeleteChat_deleteChat_Mutation',
        hash: '5df4cb75c0c06e086b8949890b1871a9f8b9e431a930d5894d08ca86e9260a18',
      },
    },
    v.strictObject({chatId: id}),
    v.object({deleteChat: anything}),
  ),

  /** Deletes all chats of the account. */
  deleteAllChats: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SettingsDeleteAllMessagesButton_deleteUserMessagesMutation_Mutation',
        hash: '3f60d527c3f636f308b3a26fc3a0012be34ea1a201e47a774b4513d8a1ba8912',
      },
    },
    v.strictObject({}),
    v.object({deleteUserMessages: anything}),
  ),

  /** Copies a shared chat into the account. */
  importChat: operation(
    'mutation',
    {
      '2025-03': {
        name: 'ContinueChatCTAButton_continueChatFromPoeShare_Mutation',
        hash: '8b7bbb788463708e87ea979a383ddf6cbbb8818305add8b30c275a13ce9c7a95',
      },
    },
    v.strictObject({
      shareCode: v.string(),
      /** The internal name of the bot that continues the chat. */
      botName: v.string(),
      postId: v.null(),
    }),
    v.object({
      continueChatFromPoeShare: maybe(
        v.object({
          status: textOrNull,
          statusMessage: textOrNull,
          messages: maybe(v.array(v.object({node: maybe(v.object({chat: maybe(Chat)}))}))),
        }),
      ),
    }),
  ),
} as const;
