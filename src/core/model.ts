import * as v from 'valibot';
import {count, flag, IdNumber, listOf, microseconds, text, textOrEmpty} from './input/lenient.js';
import type {Id} from './names/id.js';
import type {BotParameter} from './parameters/bot-parameter.js';
import {readControls} from './parameters/controls.js';
import type {PointPrices} from './spending/point-prices.js';

/*
 * Poe's objects as the library returns them, and the schemas that read them from poe.com's GraphQL responses (as seen
 * in 2025-03 and 2026-08). Unknown fields are ignored, ids are required, and any other missing or invalid field becomes
 * null.
 *
 * The types are written out so that the published declarations need no valibot; `satisfies` keeps schema and type
 * equal.
 */

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
  /** What it costs, also according to its price list; null if unknown. Missing unless prices were requested. */
  pricesPoints?: PointPrices | null;
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
  /** True for a chat at the top of Poe's list; missing for others, and if Poe does not send it. */
  isPinned?: true;
  /** The names of the bots and people in a group chat; missing if Poe does not send them. */
  members?: string[];
}

/** A bot or a person in a chat. Which fields Poe sends is not known, so every place of a name is read. */
const Member = v.pipe(
  v.object({
    node: v.looseObject({
      bot: v.optional(v.unknown()),
      user: v.optional(v.unknown()),
    }),
  }),
  v.transform(({node}) => [node.bot, node.user, node].map(nameOf).find((name) => name !== undefined)),
  v.string(),
);

const Names = v.object({displayName: text, handle: text, nullableHandle: text, fullName: text});

function nameOf(node: unknown): string | undefined {
  const names = v.safeParse(Names, node);
  if (!names.success) return undefined;
  const {handle, nullableHandle, displayName, fullName} = names.output;
  return handle ?? nullableHandle ?? displayName ?? fullName ?? undefined;
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
    isPinned: flag,
    membersConnection: v.fallback(v.nullish(v.object({edges: listOf(Member)}), null), null),
  }),
  v.transform((chat) => ({
    id: chat.id ?? nodeId('Chat', chat.chatId),
    chatId: chat.chatId,
    chatCode: chat.chatCode,
    title: chat.title,
    bot: chat.defaultBotObject?.handle ?? chat.defaultBotObject?.displayName ?? null,
    lastInteractionTime: chat.lastInteractionTime,
    ...(chat.isPinned === true && {isPinned: true as const}),
    ...(chat.membersConnection && chat.membersConnection.edges.length > 0 && {members: chat.membersConnection.edges}),
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
  /** True if the text was changed after it was sent; missing otherwise, and if Poe does not say. */
  isEdited?: true;
  /** The message that this one replies to; missing if there is none, or Poe does not say. */
  referencedMessageId?: Id;
  /** True if the bot named its sources: `messages.citations` returns them. */
  hasCitations?: true;
  /** The sources that the bot named. Only in the archive. */
  citations?: Citation[];
  /** What a reply cost; missing if Poe does not say. */
  points?: number;
}

/** A source that a bot named. */
export interface Citation {
  title: string | null;
  url: string | null;
  /** What the bot quoted. */
  text: string | null;
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
    isEdited: flag,
    referencedMessageId: v.fallback(v.nullish(IdNumber, null), null),
    referencedMessage: v.fallback(v.nullish(v.object({messageId: IdNumber}), null), null),
    hasCitations: flag,
    responsibleJob: v.fallback(v.nullish(v.object({totalCostPoints: count}), null), null),
  }),
  v.transform((sent) => {
    // Field by field: to copy the rest of an object takes ten times as long, and makes it slow to use.
    const message: Message = {
      id: sent.id,
      messageId: sent.messageId,
      creationTime: sent.creationTime,
      text: sent.text,
      state: sent.state,
      messageStateText: sent.messageStateText,
      author: sent.author,
      authorUser: sent.authorUser,
      clientNonce: sent.clientNonce,
      bot: sent.bot,
      attachments: sent.attachments,
      messageCode: sent.messageCode === '' ? null : sent.messageCode,
      suggestedReplies:
        sent.followupActions.length > 0 ? sent.followupActions.map(({bodyText}) => bodyText) : sent.suggestedReplies,
    };
    const referenced = sent.referencedMessageId ?? sent.referencedMessage?.messageId ?? null;
    const points = sent.responsibleJob?.totalCostPoints ?? null;
    if (sent.isEdited === true) message.isEdited = true;
    if (referenced !== null) message.referencedMessageId = referenced;
    if (sent.hasCitations === true) message.hasCitations = true;
    if (points !== null) message.points = points;
    return message;
  }),
) satisfies v.GenericSchema<unknown, Message>;

/** Which fields Poe sends is not known, so each name that one may have is read. @internal */
export const Citation = v.pipe(
  v.object({title: text, name: text, url: text, link: text, sourceUrl: text, text, snippet: text}),
  v.transform((citation) => ({
    title: citation.title ?? citation.name,
    url: citation.url ?? citation.link ?? citation.sourceUrl,
    text: citation.text ?? citation.snippet,
  })),
) satisfies v.GenericSchema<unknown, Citation>;

/** @internal */
export const Citations = listOf(Citation);

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
