import * as v from 'valibot';

/*
 * The nouns of Poe, as this library hands them out. Each schema reads the form that poe.com sends (protocol: GraphQL nodes
 * as seen in 2025-03) and gives the value that callers see; the types are inferred from it. Unknown fields pass, ids are
 * required, whatever else is missing or odd becomes null.
 */

const text = v.fallback(v.nullish(v.string(), null), null);
const flag = v.fallback(v.nullish(v.boolean(), null), null);
const textOrEmpty = v.fallback(v.nullish(v.string(), ''), '');

/** A whole number, which Poe sends as a number or as its digits. */
export const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger()),
]);

/** Points and the like: a number, or its digits. */
export const count = v.fallback(
  v.nullish(v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d{1,15}(?:\.\d+)?$/), v.transform(Number))]), null),
  null,
);

/** A time as Poe sends it, in microseconds since 1970; out comes an ISO 8601 string. */
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

/** Those of the items that the schema can read. */
export function readable<const S extends v.GenericSchema>(item: S, items: readonly unknown[]): v.InferOutput<S>[] {
  return items.flatMap((value): v.InferOutput<S>[] => {
    const parsed = v.safeParse(item, value);
    return parsed.success ? [parsed.output] : [];
  });
}

/** A list whose odd items are left out, so that one of them does not cost the others. */
function listOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    v.fallback(v.nullish(v.array(v.unknown()), []), []),
    v.transform((items) => readable(item, items)),
  );
}

/** The id of a node in Poe's graph: base64 of its type and number. */
export const nodeId = (type: 'Bot' | 'Chat' | 'Message' | 'PoeUser', id: number): string =>
  Buffer.from(`${type}:${id}`).toString('base64');

export const Bot = v.pipe(
  v.object({
    id: text,
    botId: wholeNumber,
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
  }),
  v.transform((bot) => ({
    id: bot.id ?? nodeId('Bot', bot.botId),
    botId: bot.botId,
    /** What `send` takes; letter case does not matter to Poe. */
    handle: bot.handle ?? bot.nickname ?? bot.displayName ?? String(bot.botId),
    displayName: bot.displayName,
    model: bot.model,
    pictureUrl: bot.picture?.url ?? null,
    description: bot.description,
    poweredBy: bot.poweredBy,
    tags: bot.translatedBotTags,
    /** Points that a message to this bot costs, where Poe tells. */
    displayMessagePointPrice: bot.messagePointLimit?.displayMessagePointPrice ?? null,
    introduction: bot.introduction,
    isCreatedByPoeUserAccount: bot.isCreatedByPoeUserAccount,
  })),
);
export type Bot = v.InferOutput<typeof Bot>;

/** A person, as the profile page (`handle`) and the search (`nullableHandle`) show one. */
export const User = v.pipe(
  v.object({
    id: text,
    uid: wholeNumber,
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
);
export type User = v.InferOutput<typeof User>;

/** A bot as other nodes name it: often without its handle. */
const BotRef = v.object({
  id: text,
  botId: v.fallback(v.nullish(wholeNumber, null), null),
  handle: text,
  displayName: text,
});

export const Chat = v.pipe(
  v.object({
    id: text,
    chatId: wholeNumber,
    chatCode: text,
    title: text,
    lastInteractionTime: microseconds,
    defaultBotObject: v.fallback(v.nullish(BotRef, null), null),
  }),
  v.transform((chat) => ({
    id: chat.id ?? nodeId('Chat', chat.chatId),
    chatId: chat.chatId,
    /** The last part of the chat's address, `https://poe.com/chat/<chatCode>`. */
    chatCode: chat.chatCode,
    title: chat.title,
    /** Handle (or, where Poe does not tell it, display name) of the bot the chat is with. */
    bot: chat.defaultBotObject?.handle ?? chat.defaultBotObject?.displayName ?? null,
    /** ISO 8601. */
    lastInteractionTime: chat.lastInteractionTime,
  })),
);
export type Chat = v.InferOutput<typeof Chat>;

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
    /** Bytes. */
    size: file?.size ?? null,
  })),
);
export type Attachment = v.InferOutput<typeof Attachment>;

export const Message = v.pipe(
  v.object({
    id: text,
    messageId: wholeNumber,
    messageCode: text,
    creationTime: microseconds,
    text: textOrEmpty,
    state: v.pipe(textOrEmpty, v.toLowerCase()),
    messageStateText: text,
    /** `human`, `chat_break`, or the bot's internal name; empty in 2026. */
    author: text,
    authorUser: v.fallback(v.nullish(v.object({uid: wholeNumber}), null), null),
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
);
export type Message = v.InferOutput<typeof Message>;

export const Settings = v.pipe(
  v.object({
    uid: wholeNumber,
    defaultBot: v.fallback(v.nullish(v.object({displayName: text, botId: wholeNumber, id: text}), null), null),
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
);
export type Settings = v.InferOutput<typeof Settings>;

/** What a connection of GraphQL says of the pages around it. */
const PageInfo = v.object({
  hasNextPage: flag,
  hasPreviousPage: flag,
  endCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
  startCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
});

/** One page of a list: its nodes, the odd ones left out, and where the next one starts. */
export function connectionOf<const S extends v.GenericSchema>(node: S) {
  return v.pipe(
    v.object({
      edges: listOf(v.object({node: v.unknown()})),
      pageInfo: v.fallback(v.nullish(PageInfo, null), null),
    }),
    v.transform(({edges, pageInfo}) => ({
      /** Whether the page has nothing at all, not even nodes that cannot be read. */
      isEmpty: edges.length === 0,
      nodes: readable(
        node,
        edges.map((edge) => edge.node),
      ),
      pageInfo,
    })),
  );
}
