import * as v from 'valibot';
import {count} from '../../../input/lenient.js';
import {Chat, Citations, Message} from '../../../model.js';
import {anything, hash, id, int, maybe, nonce, operation, textOrNull} from './operation.js';

const messageEdge = maybe(v.object({node: Message}));

export const messageOperations = {
  subscribe: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SubscriptionsMutation',
        hash: '5a7bfc9ce3b4e456cd05a537cfa27096f08417593b8d9b53f57587f3b7b63e99',
      },
      '2026-08': {name: 'subscriptionsMutation'},
    },
    v.strictObject({
      subscriptions: v.array(v.strictObject({subscriptionName: v.string(), query: v.null(), queryHash: hash})),
    }),
    // Only its presence is checked; it may be null.
    v.object({
      autoSubscribe: v.pipe(
        v.unknown(),
        v.transform(() => true),
      ),
    }),
  ),

  sendMessage: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SendMessageMutation',
        hash: 'f1486efc974a214dac6586c46b81bf631a95e58eab1d27b215f622859d74a23e',
      },
      '2026-08': {
        name: 'sendMessageMutation',
        hash: '5fabca615d673d8ed3f075ad35080e9658878e5d7779d2b8e7193f740e1d0e88',
      },
    },
    v.strictObject({
      /** Null starts a new chat. */
      chatId: v.nullable(id),
      bot: v.string(),
      query: v.string(),
      shouldFetchChat: v.boolean(),
      source: v.strictObject({
        sourceType: v.literal('chat_input'),
        chatInputMetadata: v.strictObject({useVoiceRecord: v.boolean()}),
      }),
      /** Comes back on the echo of the user's own message. */
      clientNonce: nonce,
      sdid: v.string(),
      /** The names of the file parts of the request; null if its `map` assigns them. */
      attachments: v.array(v.nullable(v.string())),
      existingMessageAttachmentsIds: v.array(v.unknown()),
      /** The price in points that the user was shown. Left out if unknown: the site stopped showing it in 2025-07. */
      messagePointsDisplayPrice: v.optional(int),
      // Added in 2026.
      chatNonce: v.optional(nonce),
      /** The message that this one replies to. */
      referencedMessageId: v.optional(v.nullable(id)),
      /** JSON, or an object if the account is to send one. */
      parameters: v.optional(v.nullable(v.union([v.string(), v.record(v.string(), v.unknown())]))),
      /** The tokens from `finish_upload_POST`, one for each file. */
      fileHashJwts: v.optional(v.array(v.string())),
      isTemporary: v.optional(v.boolean()),
    }),
    v.object({
      messageEdgeCreate: v.object({
        status: textOrNull,
        statusMessage: textOrNull,
        message: messageEdge,
        chat: maybe(Chat),
        botMessage: messageEdge,
        bot: maybe(v.unknown()),
      }),
    }),
  ),

  /** Regenerates a reply. */
  retryMessage: operation(
    'mutation',
    {
      '2025-03': {
        name: 'regenerateMessageMutation',
        hash: '0874efa8afdd12aedf1a4d14ccfd3a809d393d82c7dba12c23a0e3e0970ada09',
      },
      '2026-08': {hash: 'c57eb11b407a486eb95d94eb698707b66509e1f8b59e08b8e8bb8e1e51bcf426'},
    },
    v.strictObject({
      /** The id of the bot's message. */
      messageId: id,
      /** As in `sendMessage`. */
      messagePointsDisplayPrice: v.optional(int),
    }),
    v.object({
      messageRegenerate: maybe(
        v.object({status: textOrNull, statusMessage: textOrNull, message: messageEdge, bot: maybe(v.unknown())}),
      ),
    }),
  ),

  cancelJobs: operation(
    'mutation',
    {
      '2025-03': {
        name: 'cancelViewerActiveJobs_cancelViewerActiveJobs_Mutation',
        hash: 'bec4c5fb9ea395932da3174c38da893ffaf7ab142130ef1f0f796526051a80de',
      },
    },
    v.strictObject({chatId: id}),
    v.object({cancelViewerActiveJobs: anything}),
  ),

  deleteMessages: operation(
    'mutation',
    {
      '2025-03': {
        name: 'MessageDeleteConfirmationModal_deleteMessageMutation_Mutation',
        hash: '9f267eca67c714faa43fe19ec824ce0df5df504be8e7989f77bc748507cecaa5',
      },
    },
    v.strictObject({
      /** The list in the page's Relay store: `client:<chatCode>:__ChatMessagesView_chat_messagesConnection_connection`. */
      connections: v.string(),
      messageIds: v.array(id),
    }),
    v.object({messagesDelete: anything}),
  ),

  shareMessages: operation(
    'mutation',
    {
      '2025-03': {
        name: 'messageSharing_shareMessagesMutation_Mutation',
        hash: '652521d75d063d7665de9d96f690b61edcc24640f8428112b9490ebd307b1896',
      },
    },
    v.strictObject({chatId: id, messageIds: v.array(id)}),
    v.object({
      messagesShare: maybe(v.object({shareCode: textOrNull, status: textOrNull, statusMessage: textOrNull})),
    }),
  ),

  /** Creates a public link to an app in a message. `index` counts the apps from 0. */
  sharePreview: operation(
    'mutation',
    {
      '2025-03': {
        name: 'useSharePreviewFromMessage_Mutation',
        hash: '56d6f245645427d368357d32dd444af37edaca497aa15219364864d0de495d41',
      },
    },
    v.strictObject({index: int, messageId: id}),
    v.object({sharePreviewFromMessage: maybe(v.object({sharedPreview: maybe(v.object({shareUrl: textOrNull}))}))}),
  ),

  messageInfo: operation(
    'query',
    {
      '2025-03': {
        name: 'MessageInfoPageQuery',
        hash: '575cfeca537e4cc74e8ecc1fca0093e6ae988dc26b3cc66bbbb955b0880cde33',
      },
    },
    v.strictObject({messageCode: v.string()}),
    v.object({
      messageOfCode: maybe(v.object({responsibleJob: maybe(v.object({totalCostPoints: count}))})),
    }),
  ),

  /** The sources that a bot named. */
  citations: operation(
    'query',
    {
      '2025-03': {
        name: 'MessageCitationSourceModalQuery',
        hash: 'ad19832b5d80a626449366a6b1ff0f43272a4324e5d0bd586dbce67922edbd2c',
      },
    },
    v.strictObject({messageId: id}),
    v.object({message: maybe(v.object({citations: Citations}))}),
  ),
} as const;
