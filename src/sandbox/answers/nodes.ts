import {nodeId} from '../../core/model.js';
import type {SandboxSite} from '../site/site.js';
import type {Bot} from '../world/bots.js';
import type {Chat, Message} from '../world/chat.js';
import {type Person, photoUrl} from '../world/people.js';
import type {World} from '../world/world.js';

/*
 * Objects of the world as Poe's GraphQL returns them, including fields that no client uses.
 */

export const botNode = (bot: Bot) => ({
  __typename: 'Bot',
  id: nodeId('Bot', bot.botId),
  botId: bot.botId,
  handle: bot.handle,
  displayName: bot.displayName,
  nickname: bot.model,
  model: bot.model,
  picture: {url: bot.pictureUrl},
  description: bot.description,
  poweredBy: bot.poweredBy,
  translatedBotTags: [...bot.tags],
  messagePointLimit: pointLimitOf(bot),
  introduction: bot.introduction,
  isCreatedByPoeUserAccount: bot.isMadeByUser,
  deletionState: 'not_deleted',
  monthlyActiveUsers: bot.botId * 3,
  viewerIsCreator: bot.isOwn === true,
  supportsFileUpload: true,
  hasSuggestedReplies: true,
  // Until 2025 bots have no controls.
  customUIDefinition: bot.controls && JSON.stringify(bot.controls),
});

const pointLimitOf = ({price}: Bot) => ({
  displayMessagePointPrice: price,
  numRemainingMessages: null,
  fixedMessageLimit: null,
  balanceTooltipText: null,
});

/** A bot as part of a chat or message, which lacks the handle. */
const botReference = (bot: Bot) => ({
  __typename: 'Bot',
  id: nodeId('Bot', bot.botId),
  botId: bot.botId,
  displayName: bot.displayName,
});

const basePersonNode = (person: Person, {followed}: World) => ({
  __typename: 'PoeUser',
  id: nodeId('PoeUser', person.uid),
  uid: person.uid,
  fullName: person.fullName,
  followerCount: person.followerCount + Number(followed.has(person.uid)),
  mediumProfilePhotoUrl: photoUrl(person, 100),
  profilePhotoUrl: photoUrl(person, 200),
  viewerIsFollowing: followed.has(person.uid),
});

/** A user in search results. */
export const personNode = (person: Person, world: World) => ({
  ...basePersonNode(person, world),
  __isEntity: 'PoeUser',
  nullableHandle: person.handle,
});

/** A user on their profile page. */
export const profileNode = (person: Person, world: World) => ({
  ...basePersonNode(person, world),
  handle: person.handle,
  bio: person.bio,
  followeeCount: person.uid === world.viewer.uid ? world.followed.size : person.uid % 30,
  createdBotCount: person.createdBots.length,
  createdBots: person.createdBots.map((bot) => ({...botReference(bot), handle: bot.handle})),
});

/** The viewer as mutations return it. */
export const viewerNode = ({viewer, defaultBot}: World) => ({
  __typename: 'Viewer',
  id: viewerId,
  uid: viewer.uid,
  defaultBot: {
    __typename: 'Bot',
    displayName: defaultBot.displayName,
    botId: defaultBot.botId,
    id: nodeId('Bot', defaultBot.botId),
  },
  messagePointInfo: {
    messagePointResetTime: viewer.pointsResetUs,
    messagePointBalance: viewer.points,
    totalMessagePointAllotment: viewer.pointsADay,
    allChatDefaultPointPriceThresholdPerMessage: viewer.pointLimit,
    dailyMessagePointsAvailable: viewer.points > 0,
    maxDailyTopUpAmount: null,
  },
});

/** The viewer on the settings page. */
export const settingsNode = (world: World) => ({
  ...viewerNode(world),
  ...privateDetails(world),
});

const privateDetails = ({viewer}: World) => ({
  primaryPhoneNumber: null,
  primaryEmail: viewer.email,
  confirmedEmails: [viewer.email],
  hasActiveSubscription: false,
  enableGTMEventSending: true,
  viewerCountryCode: viewer.countryCode,
  globalContextOptimizationStatus: viewer.isContextOptimized,
  enableGlobalContextOptimization: viewer.isContextOptimized,
  hasUnreadMessage: false,
  poeUser: {id: nodeId('PoeUser', viewer.uid), handle: viewer.handle},
  subscription: null,
});

const memberNode = (member: Bot | Person) => ({
  __typename: 'ChatMember',
  ...('botId' in member ? {bot: botReference(member)} : {user: {uid: member.uid, handle: member.handle}}),
});

export const chatNode = (chat: Chat) => ({
  __typename: 'Chat',
  id: nodeId('Chat', chat.chatId),
  chatId: chat.chatId,
  chatCode: chat.code,
  title: chat.title,
  lastInteractionTime: chat.lastUs,
  creationTime: chat.createdUs,
  defaultBotObject: botReference(chat.bot),
  lastMessage: {textPreview: chat.messages.at(-1)?.text.slice(0, 60) ?? null},
  isDeleted: false,
  isContextOptimizationOn: chat.isContextOptimized,
  // Until 2025 no chat is pinned or has several members.
  ...(chat.isPinned && {isPinned: true}),
  membersConnection: {edges: chat.members.map((member) => ({node: memberNode(member)}))},
});

/** A chat on its own page, which has the price of the bot. */
export const chatPageNode = (chat: Chat) => ({
  ...chatNode(chat),
  defaultBotObject: {...botReference(chat.bot), messagePointLimit: pointLimitOf(chat.bot)},
});

export const messageNode = (message: Message, {facts, world}: Pick<SandboxSite, 'facts' | 'world'>) => ({
  __typename: 'Message',
  id: nodeId('Message', message.messageId),
  messageId: message.messageId,
  creationTime: message.timeUs,
  authorUser: isFromViewer(message) ? authorNode(world) : null,
  uid: isFromViewer(message) ? world.viewer.uid : null,
  author: facts.hasAuthorNames ? (message.isBreak ? 'chat_break' : (message.bot?.model ?? 'human')) : '',
  bot: message.bot && botReference(message.bot),
  text: message.text,
  state: message.state,
  messageStateText: message.stateText,
  clientNonce: message.clientNonce,
  messageCode: message.code,
  contentType: 'text_markdown',
  sourceType: message.isBreak ? 'chat_break' : message.bot ? 'bot_response' : 'chat_input',
  textLengthOnCancellation: message.cancelledAt,
  attachments: message.attachments.map(({name, url, mimeType, size}) => ({
    id: Buffer.from(`MessageAttachment:${url}`).toString('base64'),
    name,
    url,
    file: {mimeType, size, width: null, height: null, thumbnailUrl: null},
  })),
  followupActions: message.suggestions.map((bodyText) => ({__typename: 'FollowupAction', bodyText})),
  suggestedReplies: [],
  vote: null,
  hasCitations: facts.hasNewFields && message.citations.length > 0,
  isChatAnnouncement: false,
  ...(facts.hasNewFields && newFields(message)),
});

const newFields = ({isEdited, referencedMessageId: id}: Message) => ({
  isEdited,
  referencedMessage: id === null ? null : {messageId: id, id: nodeId('Message', id)},
});

/** A message on the page of a chat, which has its cost. */
export const messagePageNode = (message: Message, site: Pick<SandboxSite, 'facts' | 'world'>) => ({
  ...messageNode(message, site),
  ...(site.facts.hasNewFields &&
    message.job && {responsibleJob: {jobId: message.job.jobId, totalCostPoints: message.job.costPoints}}),
});

const isFromViewer = ({bot, isBreak}: Message): boolean => bot === null && !isBreak;

export const viewerId = 'Vmlld2VyOjA=';

const authorNode = ({viewer}: World) => ({
  uid: viewer.uid,
  id: nodeId('PoeUser', viewer.uid),
  handle: viewer.handle,
  profilePhotoUrl: photoUrl(viewer, 200),
  fullName: viewer.fullName,
});
