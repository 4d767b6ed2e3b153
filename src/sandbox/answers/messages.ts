import {nodeId} from '../../core/model.js';
import type {Chat, Citation, Message} from '../world/chat.js';
import {type AnswerContext, type Answers, requireChat, ServerError} from './answers.js';
import {viewerId, viewerNode} from './nodes.js';
import {retryMessage} from './retry-message.js';
import {sendMessage} from './send-message.js';
import type {Id} from '../../core/names/id.js';

export const messageAnswers = {
  subscribe({subscriptions}, {site, channel}) {
    const areValid = subscriptions.every(({subscriptionName, queryHash}) =>
      site.hashes.isSubscription(subscriptionName, queryHash),
    );
    if (!channel || !areValid) throw new ServerError();
    channel.subscribe(subscriptions.map(({subscriptionName}) => subscriptionName));
    return {autoSubscribe: {viewer: {id: viewerId}}};
  },

  sendMessage,

  retryMessage,

  cancelJobs({chatId}, context) {
    const chat = requireChat(context, chatId);
    context.site.world.jobs.cancel((job) => job.chat === chat);
    return {cancelViewerActiveJobs: {viewer: {id: viewerId}}};
  },

  deleteMessages({connections, messageIds}, {site}) {
    const chat = site.world.chatOfMessage(messageIds[0]);
    if (!chat || connections !== connectionId(chat)) throw new ServerError();
    const messages = requireMessages(chat, messageIds);
    site.world.removeMessages(chat, messages);
    const removed = messages.map(({messageId}) => ({id: nodeId('Message', messageId), messageId}));
    site.channels.publish(removed.map((data) => ({name: 'messageDeleted', subject: chat.chatId, data})));
    const edgeIds = messages.map(({messageId}) => Buffer.from(`Edge:${messageId}`).toString('base64'));
    return {messagesDelete: {edgeIds, viewer: viewerNode(site.world)}};
  },

  shareMessages({chatId, messageIds}, context) {
    const chat = requireChat(context, chatId);
    const messages = requireMessages(chat, messageIds);
    const shareCode = context.site.world.links.shareChat(chat, messages);
    const share = {__typename: 'MessagesShare', id: Buffer.from(`PoeShare:${shareCode}`).toString('base64'), shareCode};
    return {messagesShare: share};
  },

  sharePreview({index, messageId}, {site: {url, world}}) {
    const message = world.chatOfMessage(messageId)?.messages.find((candidate) => candidate.messageId === messageId);
    if (!message || index < 0) throw new ServerError();
    const html = message.bot && message.state !== 'incomplete' ? htmlBlocks(message.text)[index] : undefined;
    if (html === undefined) return {sharePreviewFromMessage: null};
    const code = world.links.sharePreview(`${messageId} ${index}`, html);
    const sharedPreview = {__typename: 'SharedPreview', previewCode: code, shareUrl: `${url}/preview/${code}`};
    return {sharePreviewFromMessage: {sharedPreview}};
  },

  citations({messageId}, {site}) {
    const message = site.world.chatOfMessage(messageId)?.messages.find((each) => each.messageId === messageId);
    if (!message) throw new ServerError();
    return {message: {citations: message.citations.map(citationNode)}};
  },

  messageInfo({messageCode}, context) {
    const message = context.site.world.messageByCode(messageCode);
    return {messageOfCode: message ? messageInfoNode(message, context) : null};
  },
} satisfies Partial<Answers>;

const citationNode = ({title, url, text}: Citation, index: number) => ({
  __typename: 'MessageCitation',
  id: Buffer.from(`MessageCitation:${index}`).toString('base64'),
  title,
  url,
  text,
});

function messageInfoNode({messageId, code, job}: Message, {site}: AnswerContext) {
  const isCostKnown = job === null || !site.faults.takeDelayedCost();
  return {
    __typename: 'Message',
    id: nodeId('Message', messageId),
    messageId,
    messageCode: code,
    responsibleJob: job && {
      __typename: 'Job',
      id: Buffer.from(`Job:${job.jobId}`).toString('base64'),
      jobId: job.jobId,
      totalCostPoints: isCostKnown ? job.costPoints : null,
    },
  };
}

/** Relay's id of a chat's list of messages in the site's own page. */
const connectionId = ({code}: Chat): string => `client:${code}:__ChatMessagesView_chat_messagesConnection_connection`;

/** Messages of a chat, in its order. @throws ServerError if the list is empty or one is not in the chat */
function requireMessages({messages}: Chat, messageIds: readonly Id[]): Message[] {
  const ids = new Set(messageIds);
  const matching = messages.filter(({messageId}) => ids.has(messageId));
  if (matching.length === 0 || matching.length < ids.size) throw new ServerError();
  return matching;
}

/** The fenced HTML blocks of a message, which Poe shows as apps. */
const htmlBlocks = (text: string): string[] =>
  [...text.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map(([, html = '']) => html);
