import * as v from 'valibot';
import {type Id, parseId} from './names/id.js';
import type {BotParameter} from './parameters/bot-parameter.js';
import {readControls} from './parameters/controls.js';

/*
 * Poe's objects as the library returns them, and the schemas that read them from poe.com's GraphQL responses (as seen
 * in 2025-03 and 2026-08). Unknown fields are ignored, ids are required, and any other missing or invalid field becomes
 * null.
 *
 * The types are written out so that the published declarations need no valibot; `satisfies` keeps schema and type
 * equal.
 */

const text = v.fallback(v.nullish(v.string(), null), null);
const flag = v.fallback(v.nullish(v.boolean(), null), null);
const textOrEmpty = v.fallback(v.nullish(v.string(), ''), '');

/** A whole number. Poe sends a number or its decimal digits. */
const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger()),
]);

/** An ID, as a number or as decimal digits. @internal */
export const IdNumber: v.GenericSchema<unknown, Id> = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(
    v.string(),
    v.transform(parseId),
    v.custom<Id>((id) => id !== undefined),
  ),
]);

/** A number or its decimal digits; null if missing. @internal */
export const count = v.fallback(
  v.nullish(
    v.union([
      v.pipe(v.number(), v.finite()),
      v.pipe(v.string(), v.regex(/^-?\d{1,20}(?:\.\d+)?$/), v.transform(Number)),
    ]),
    null,
  ),
  null,
);

/** Microseconds since 1970, returned as an ISO 8601 string. */
const microseconds = v.fallback(
  v.nullish(
    v.pipe(
      wholeNumber,
      v.transform((us) => new Date(us / 1000).toISOString()),
    ),
    null,
  ),
  null,
);

/** Returns the items that match the schema. @internal */
export function readable<const S extends v.GenericSchema>(item: S, items: readonly unknown[]): v.InferOutput<S>[] {
  return items.flatMap((value): v.InferOutput<S>[] => {
    const parsed = v.safeParse(item, value);
    return parsed.success ? [parsed.output] : [];
  });
}

/** A list without the items that do not match the schema. */
function listOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    v.fallback(v.nullish(v.array(v.unknown()), []), []),
    v.transform((items) => readable(item, items)),
  );
}

/** The id of a node in Poe's graph: base64 of its type and number. @internal */
export const nodeId = (type: 'Bot' | 'Chat' | 'Message' | 'PoeUser', id: Id): string =>
  Buffer.from(`${type}:${id}`).toString('base64');

/** A bot on Poe. */
export interface Bot {
  /** The id in Poe's graph. */
  id: string;
  botId: Id;
  /** The name that `send` expects. Letter case does not matter. */
  handle: string;
  displayName: string | null;
  model: string | null;
  pictureUrl: string | null;
  description: string | null;
  poweredBy: string | null;
  tags: string[];
  /** Points per message, if Poe shows a price. */
  displayMessagePointPrice: number | null;
  introduction: string | null;
  isCreatedByPoeUserAccount: boolean | null;
  /** The parameters that it accepts; missing if Poe does not send them, as in most lists and before 2026. */
  parameters?: BotParameter[];
}

/** @internal */
export const Bot = v.pipe(
  v.object({
    id: text,
    botId: IdNumber,
    handle: text,
    nickname: text,
    displayName: text,
    model: text,
    picture: v.fallback(v.nullish(v.object({url: text}), null), null),
    description: text,
    poweredBy: text,
    translatedBotTags: listOf(v.string()),
    messagePointLimit: v.fallback(v.nullish(v.object({displayMessagePointPrice: count}), null), null),
    introduction: text,
    isCreatedByPoeUserAccount: flag,
    customUIDefinition: v.optional(v.unknown()),
  }),
  v.transform((bot) => ({
    id: bot.id ?? nodeId('Bot', bot.botId),
    botId: bot.botId,
    handle: bot.handle ?? bot.nickname ?? bot.displayName ?? String(bot.botId),
    displayName: bot.displayName,
    model: bot.model,
    pictureUrl: bot.picture?.url ?? null,
    description: bot.description,
    poweredBy: bot.poweredBy,
    tags: bot.translatedBotTags,
    displayMessagePointPrice: bot.messagePointLimit?.displayMessagePointPrice ?? null,
    introduction: bot.introduction,
    isCreatedByPoeUserAccount: bot.isCreatedByPoeUserAccount,
    ...parametersOf(bot.customUIDefinition),
  })),
) satisfies v.GenericSchema<unknown, Bot>;

function parametersOf(definition: unknown): {parameters?: BotParameter[]} {
  const parameters = definition === undefined ? undefined : readControls(definition);
  return parameters ? {parameters} : {};
}

/** A person on Poe. */
export interface User {
  /** The id in Poe's graph. */
  id: string;
  uid: Id;
  handle: string | null;
  fullName: string | null;
  followerCount: number | null;
  mediumProfilePhotoUrl: string | null;
  profilePhotoUrl: string | null;
}

/** Reads a user from a profile page (`handle`) or a search (`nullableHandle`). @internal */
export const User = v.pipe(
  v.object({
    id: text,
    uid: IdNumber,
    handle: text,
    nullableHandle: text,
    fullName: text,
    followerCount: count,
    mediumProfilePhotoUrl: text,
    profilePhotoUrl: text,
  }),
  v.transform(({nullableHandle, ...user}) => ({
    ...user,
    id: user.id ?? nodeId('PoeUser', user.uid),
    handle: user.handle ?? nullableHandle,
  })),
) satisfies v.GenericSchema<unknown, User>;

const BotRef = v.object({
  id: text,
  botId: v.fallback(v.nullish(IdNumber, null), null),
  handle: text,
  displayName: text,
}) satisfies v.GenericSchema<unknown, BotName>;

/** A chat of the account. */
export interface Chat {
  /** The id in Poe's graph. */
  id: string;
  chatId: Id;
  /** The last part of the chat's URL, `https://poe.com/chat/<chatCode>`. */
  chatCode: string | null;
  title: string | null;
  /** The bot's handle, or its display name if Poe sends no handle. */
  bot: string | null;
  /** ISO 8601. */
  lastInteractionTime: string | null;
}

/** @internal */
export const Chat = v.pipe(
  v.object({
    id: text,
    chatId: IdNumber,
    chatCode: text,
    title: text,
    lastInteractionTime: microseconds,
    defaultBotObject: v.fallback(v.nullish(BotRef, null), null),
  }),
  v.transform((chat) => ({
    id: chat.id ?? nodeId('Chat', chat.chatId),
    chatId: chat.chatId,
    chatCode: chat.chatCode,
    title: chat.title,
    bot: chat.defaultBotObject?.handle ?? chat.defaultBotObject?.displayName ?? null,
    lastInteractionTime: chat.lastInteractionTime,
  })),
) satisfies v.GenericSchema<unknown, Chat>;

/** A file that belongs to a message. */
export interface Attachment {
  name: string | null;
  /**
   * With an API key also a `file:` or `data:` URL, for an image that Poe sent instead of its URL. A video of the API is downloaded
   * with the key: use `messages.saveFile`.
   */
  url: string | null;
  mimeType: string | null;
  /** In bytes. */
  size: number | null;
  /** The name by which the text refers to it: `![picture][name]`. API key only. */
  inlineRef?: string;
  /** A picture of a video. API key only. */
  thumbnailUrl?: string;
}

/** @internal */
export const Attachment = v.pipe(
  v.object({
    name: text,
    url: text,
    file: v.fallback(v.nullish(v.object({mimeType: text, size: count, url: text}), null), null),
  }),
  v.transform(({name, url, file}) => ({
    name,
    url: url ?? file?.url ?? null,
    mimeType: file?.mimeType ?? null,
    size: file?.size ?? null,
  })),
) satisfies v.GenericSchema<unknown, Attachment>;

/** A message in a chat, from the user or from a bot. */
export interface Message {
  /** The id in Poe's graph. */
  id: string | null;
  messageId: Id;
  messageCode: string | null;
  /** ISO 8601. */
  creationTime: string | null;
  text: string;
  /** In lower case: `complete`, `incomplete`, `cancelled`, `error_…`. */
  state: string;
  /** Poe's explanation of the state, such as why a bot failed. */
  messageStateText: string | null;
  /** `human`, `chat_break` or the bot's internal name. Site version 2026-08 sends none. */
  author: string | null;
  authorUser: {uid: Id} | null;
  clientNonce: string | null;
  /** `text/plain` if the text is not Markdown. API key only. */
  contentType?: string;
  /** The bot that wrote the message; null for messages from people. */
  bot: BotName | null;
  attachments: Attachment[];
  suggestedReplies: string[];
}

/** The names of a bot. Poe often omits the handle. */
export interface BotName {
  id: string | null;
  botId: Id | null;
  handle: string | null;
  displayName: string | null;
}

/** @internal */
export const Message = v.pipe(
  v.object({
    id: text,
    messageId: IdNumber,
    messageCode: text,
    creationTime: microseconds,
    text: textOrEmpty,
    state: v.pipe(textOrEmpty, v.toLowerCase()),
    messageStateText: text,
    author: text,
    authorUser: v.fallback(v.nullish(v.object({uid: IdNumber}), null), null),
    clientNonce: text,
    bot: v.fallback(v.nullish(BotRef, null), null),
    attachments: listOf(Attachment),
    followupActions: listOf(v.object({bodyText: v.string()})),
    suggestedReplies: listOf(v.string()),
  }),
  v.transform(({followupActions, suggestedReplies, messageCode, ...message}) => ({
    ...message,
    messageCode: messageCode === '' ? null : messageCode,
    suggestedReplies: followupActions.length > 0 ? followupActions.map(({bodyText}) => bodyText) : suggestedReplies,
  })),
) satisfies v.GenericSchema<unknown, Message>;

/** The account's settings and points. */
export interface Settings {
  uid: Id;
  defaultBot: {displayName: string | null; botId: Id; id: string | null} | null;
  messagePointInfo: {
    /** When points are granted again, ISO 8601. */
    messagePointResetTime: string | null;
    /** Points left. */
    messagePointBalance: number | null;
    /** Points granted per period. */
    totalMessagePointAllotment: number | null;
    /** Poe asks for confirmation before it sends a message that costs more points than this. */
    allChatDefaultPointPriceThresholdPerMessage: number | null;
  } | null;
  primaryPhoneNumber: string | null;
  primaryEmail: string | null;
  confirmedEmails: string[];
  hasActiveSubscription: boolean | null;
  enableGtmEventSending: boolean | null;
  viewerCountryCode: string | null;
  globalContextOptimizationStatus: boolean | null;
  enableGlobalContextOptimization: boolean | null;
  hasUnreadMessage: boolean | null;
}

/** @internal */
export const Settings = v.pipe(
  v.object({
    uid: IdNumber,
    defaultBot: v.fallback(v.nullish(v.object({displayName: text, botId: IdNumber, id: text}), null), null),
    messagePointInfo: v.fallback(
      v.nullish(
        v.object({
          messagePointResetTime: microseconds,
          messagePointBalance: count,
          totalMessagePointAllotment: count,
          allChatDefaultPointPriceThresholdPerMessage: count,
        }),
        null,
      ),
      null,
    ),
    primaryPhoneNumber: text,
    primaryEmail: text,
    confirmedEmails: listOf(v.string()),
    hasActiveSubscription: flag,
    enableGTMEventSending: flag,
    viewerCountryCode: text,
    globalContextOptimizationStatus: flag,
    enableGlobalContextOptimization: flag,
    hasUnreadMessage: flag,
  }),
  v.transform(({enableGTMEventSending, ...settings}) => ({...settings, enableGtmEventSending: enableGTMEventSending})),
) satisfies v.GenericSchema<unknown, Settings>;

/** The paging information of a GraphQL connection. */
const PageInfo = v.object({
  hasNextPage: flag,
  hasPreviousPage: flag,
  endCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
  startCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
});

/** Reads one page of a list: its valid nodes, and where the next page starts. @internal */
export function connectionOf<const S extends v.GenericSchema>(node: S) {
  return v.pipe(
    v.object({
      edges: listOf(v.object({node: v.unknown()})),
      pageInfo: v.fallback(v.nullish(PageInfo, null), null),
    }),
    v.transform(({edges, pageInfo}) => ({
      /** Whether the page has no nodes at all, not even invalid ones. */
      isEmpty: edges.length === 0,
      nodes: readable(
        node,
        edges.map((edge) => edge.node),
      ),
      pageInfo,
    })),
  );
}
