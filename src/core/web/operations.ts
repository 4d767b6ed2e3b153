import * as v from 'valibot';
import {Bot, Chat, Message, Settings, connectionOf} from '../model.js';

/** A form of poe.com's protocol, named after the month in which it was seen. */
export type Generation = '2025-03';

/**
 * A persisted operation of poe.com: what it is called and hashed as in each form of the site, what it takes, what it gives.
 * Variables are exact, for they are sent; the answer (`data` of the GraphQL envelope) is read leniently.
 */
interface Operation<
  Variables extends v.GenericSchema = v.GenericSchema,
  Answer extends v.GenericSchema = v.GenericSchema,
> {
  /** A query may be asked again; a mutation never is, unless Poe refused it before executing. */
  kind: 'query' | 'mutation';
  forms: Record<Generation, {name: string; hash: string}>;
  variables: Variables;
  answer: Answer;
}

function operation<Variables extends v.GenericSchema, Answer extends v.GenericSchema>(
  kind: Operation['kind'],
  forms: Operation['forms'],
  variables: Variables,
  answer: Answer,
): Operation<Variables, Answer> {
  return {kind, forms, variables, answer};
}

const int = v.pipe(v.number(), v.safeInteger());
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const nonce = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{16}$/));
const cursor = v.optional(v.nullable(v.string()));
const anyText = v.fallback(v.nullish(v.string(), null), null);
const messageEdge = v.fallback(v.nullish(v.object({node: Message}), null), null);

/** The table. Sources: poe-api-rust of 2025-03, poe-api-wrapper of 2025-08. */
export const operations = {
  subscribe: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SubscriptionsMutation',
        hash: '5a7bfc9ce3b4e456cd05a537cfa27096f08417593b8d9b53f57587f3b7b63e99',
      },
    },
    v.strictObject({
      subscriptions: v.array(v.strictObject({subscriptionName: v.string(), query: v.null(), queryHash: hash})),
    }),
    v.object({autoSubscribe: v.unknown()}),
  ),

  sendMessage: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SendMessageMutation',
        hash: 'f1486efc974a214dac6586c46b81bf631a95e58eab1d27b215f622859d74a23e',
      },
    },
    v.strictObject({
      /** Null starts a new chat. */
      chatId: v.nullable(int),
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
      /** Names of the parts of the same multipart request. */
      attachments: v.array(v.string()),
      existingMessageAttachmentsIds: v.array(v.unknown()),
      /** The price the user was shown, in points. The site stopped telling it in 2025-07; then it is left out. */
      messagePointsDisplayPrice: v.optional(int),
    }),
    v.object({
      messageEdgeCreate: v.object({
        status: anyText,
        statusMessage: anyText,
        message: messageEdge,
        chat: v.fallback(v.nullish(Chat, null), null),
        botMessage: messageEdge,
        bot: v.fallback(v.nullish(v.unknown(), null), null),
      }),
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
    v.strictObject({chatId: int}),
    v.object({cancelViewerActiveJobs: v.nullish(v.unknown(), null)}),
  ),

  botInfo: operation(
    'query',
    {
      '2025-03': {
        name: 'HandleBotLandingPageQuery',
        hash: '2ec8856116b8c2cb587e9a05e60df21a751694b2ff06d67dfe0c3d0efaf5f6a2',
      },
    },
    v.strictObject({botHandle: v.string()}),
    v.object({bot: v.nullish(Bot, null)}),
  ),

  search: operation(
    'query',
    {
      '2025-03': {
        name: 'SearchResultsListPaginationQuery',
        hash: 'a3db2f281540813c096123652d790d56c652fce0d3fca1ad234c81134d5de8f9',
      },
    },
    v.strictObject({query: v.string(), entityType: v.picklist(['bot', 'user']), count: int, cursor}),
    v.object({searchEntityConnection: connectionOf(v.unknown())}),
  ),

  exploreBots: operation(
    'query',
    {
      '2025-03': {
        name: 'ExploreBotsListPaginationQuery',
        hash: 'b24b2f2f6da147b3345eec1a433ed17b6e1332df97dea47622868f41078a40cc',
      },
    },
    v.strictObject({categoryName: v.string(), count: int, cursor}),
    v.object({exploreBotsConnection: connectionOf(Bot)}),
  ),

  settings: operation(
    'query',
    {
      '2025-03': {
        name: 'settingsPageQuery',
        hash: '19f7f75aa4cc48a0a10c85f5be0190885659aeeb535507f6fa7e26485a069902',
      },
    },
    v.strictObject({}),
    v.object({viewer: v.nullish(Settings, null)}),
  ),

  chatPage: operation(
    'query',
    {
      '2025-03': {
        name: 'ChatPageQuery',
        hash: '82ea9ced7cb46a25ef787e118a00d27c6d69cec3791e0317c8f335b064d211a7',
      },
    },
    v.strictObject({chatCode: v.string()}),
    v.object({
      chatOfCode: v.nullish(
        v.intersect([Chat, v.object({messagesConnection: v.fallback(v.nullish(connectionOf(Message), null), null)})]),
        null,
      ),
    }),
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
} as const satisfies Record<string, Operation>;

export type OperationKey = keyof typeof operations;
export type VariablesOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['variables']>;
export type AnswerOf<K extends OperationKey> = v.InferOutput<(typeof operations)[K]['answer']>;
/** What Poe sends for an operation, before it is read: the type the sandbox answers in. */
export type RawAnswerOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['answer']>;

/** What the live channel is asked to tell, with the hash each subscription has in each form of the site. */
export const subscriptions: Record<Generation, readonly {name: string; hash: string}[]> = {
  '2025-03': [
    {name: 'messageAdded', hash: '993dcce616ce18788af3cce85e31437abf8fd64b14a3daaf3ae2f0e02d35aa03'},
    {name: 'messageCancelled', hash: '14647e90e5960ec81fa83ae53d270462c3743199fbb6c4f26f40f4c83116d2ff'},
    {name: 'messageDeleted', hash: '91f1ea046d2f3e21dabb3131898ec3c597cb879aa270ad780e8fdd687cde02a3'},
    {name: 'messageRead', hash: '8c80ca00f63ad411ba7de0f1fa064490ed5f438d4a0e60fd9caa080b11af9495'},
    {name: 'messageCreated', hash: '47ee9830e0383f002451144765226c9be750d6c2135e648bced2ca7efc9d8a67'},
    {name: 'messageStateUpdated', hash: '117a49c685b4343e7e50b097b10a13b9555fedd61d3bf4030c450dccbeef5676'},
    {name: 'messageAttachmentAdded', hash: '65798bb2f409d9457fc84698479f3f04186d47558c3d7e75b3223b6799b6788d'},
    {name: 'messageFollowupActionAdded', hash: 'd2e770beae7c217c77db4918ed93e848ae77df668603bc84146c161db149a2c7'},
    {name: 'messageMetadataUpdated', hash: '71c247d997d73fb0911089c1a77d5d8b8503289bc3701f9fb93c9b13df95aaa6'},
    {name: 'messageTextUpdated', hash: '800eea48edc9c3a81aece34f5f1ff40dc8daa71dead9aec28f2b55523fe61231'},
    {name: 'jobStarted', hash: '17099b40b42eb9f7e32323aa6badc9283b75a467bc8bc40ff5069c37d91856f6'},
    {name: 'jobUpdated', hash: 'e8e492bfaf5041985055d07ad679e46b9a6440ab89424711da8818ae01d1a1f1'},
    {name: 'viewerStateUpdated', hash: '3b2014dba11e57e99faa68b6b6c4956f3e982556f0cf832d728534f4319b92c7'},
    {name: 'unreadChatsUpdated', hash: '5b4853e53ff735ae87413a9de0bce15b3c9ba19102bf03ff6ae63ff1f0f8f1cd'},
    {name: 'chatTitleUpdated', hash: 'ee062b1f269ecd02ea4c2a3f1e4b2f222f7574c43634a2da4ebeb616d8647e06'},
    {name: 'knowledgeSourceUpdated', hash: '7de63f89277bcf54f2323008850573809595dcef687f26a78561910cfd4f6c37'},
    {name: 'messagePointLimitUpdated', hash: 'ed3857668953d6e8849c1562f3039df16c12ffddaaac1db930b91108775ee16d'},
    {name: 'chatMemberAdded', hash: '21ef45e20cc8120c31a320c3104efe659eadf37d49249802eff7b15d883b917b'},
    {name: 'chatSettingsUpdated', hash: '3b370c05478959224e3dbf9112d1e0490c22e17ffb4befd9276fc62e196b0f5b'},
    {name: 'chatModalStateChanged', hash: 'f641bc122ac6a31d466c92f6c724343688c2f679963b7769cb07ec346096bfe7'},
  ],
};
