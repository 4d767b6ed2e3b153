import {nodeId} from '../../core/model.js';
import type {Chat, Message} from '../world/chat.js';
import {viewerId, viewerNode} from './nodes.js';
import {previewsIn} from '../world/previews.js';
import {ServerError} from '../server/errors.js';
import {retryMessage} from './retry-message.js';
import {sendMessage} from './send-message.js';
import {type AnswerContext, type Answers, chatOf} from './answers.js';

export const messageAnswers = {
  subscribe({subscriptions}, {site, channel}) {
    const known = subscriptions.every(({subscriptionName, queryHash}) =>
      site.hashes.knowsSubscription(subscriptionName, queryHash),
    );
    if (!channel || !known) throw new ServerError();
    channel.subscribe(subscriptions.map(({subscriptionName}) => subscriptionName));
    return {autoSubscribe: {viewer: {id: viewerId}}};
  },

  sendMessage,

  retryMessage,

  cancelJobs({chatId}, context) {
    const chat = chatOf(context, chatId);
    context.site.world.jobs.cancel((job) => job.chat === chat);
    return {cancelViewerActiveJobs: {viewer: {id: viewerId}}};
  },

  deleteMessages({connections, messageIds}, {site}) {
    const chat = site.world.chatWith(messageIds[0]);
    if (!chat || connections !== connectionOf(chat)) throw new ServerError();
    const messages = messagesOf(chat, messageIds);
    site.world.removeMessages(chat, messages);
    const gone = messages.map(({messageId}) => ({id: nodeId('Message', messageId), messageId}));
    site.channels.publish(gone.map((data) => ({name: 'messageDeleted', subject: chat.chatId, data})));
    const edgeIds = messages.map(({messageId}) => Buffer.from(`Edge:${messageId}`).toString('base64'));
    return {messagesDelete: {edgeIds, viewer: viewerNode(site.world)}};
  },

  shareMessages({chatId, messageIds}, context) {
    const chat = chatOf(context, chatId);
    const messages = messagesOf(chat, messageIds);
    const shareCode = context.site.world.links.shareChat(chat, messages);
    const share = {__typename: 'MessagesShare', id: Buffer.from(`PoeShare:${shareCode}`).toString('base64'), shareCode};
    return {messagesShare: share};
  },

  sharePreview({index, messageId}, {site: {url, world}}) {
    const message = world.chatWith(messageId)?.messages.find((one) => one.messageId === messageId);
    if (!message || index < 0) throw new ServerError();
    const html = message.bot && message.state !== 'incomplete' ? previewsIn(message.text)[index] : undefined;
    if (html === undefined) return {sharePreviewFromMessage: null};
    const code = world.links.sharePreview(`${messageId} ${index}`, html);
    const sharedPreview = {__typename: 'SharedPreview', previewCode: code, shareUrl: `${url}/preview/${code}`};
    return {sharePreviewFromMessage: {sharedPreview}};
  },

  messageInfo({messageCode}, context) {
    const message = context.site.world.messageOfCode(messageCode);
    return {messageOfCode: message ? messageInfoNode(message, context) : null};
  },
} satisfies Partial<Answers>;

function messageInfoNode({messageId, code, job}: Message, {site}: AnswerContext) {
  const isTold = job === null || !site.faults.takeLateCost();
  return {
    __typename: 'Message',
    id: nodeId('Message', messageId),
    messageId,
    messageCode: code,
    responsibleJob: job && {
      __typename: 'Job',
      id: Buffer.from(`Job:${job.jobId}`).toString('base64'),
      jobId: job.jobId,
      totalCostPoints: isTold ? job.costPoints : null,
    },
  };
}

/** What the site's own page calls a chat's list of messages. */
const connectionOf = ({code}: Chat): string => `client:${code}:__ChatMessagesView_chat_messagesConnection_connection`;

/** Those messages of a chat, in its order. @throws ServerError where there are none, or one is not of the chat */
function messagesOf({messages}: Chat, messageIds: readonly number[]): Message[] {
  const wanted = new Set(messageIds);
  const found = messages.filter(({messageId}) => wanted.has(messageId));
  if (found.length === 0 || found.length < wanted.size) throw new ServerError();
  return found;
}
