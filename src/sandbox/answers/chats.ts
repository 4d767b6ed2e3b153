import {type Answers, requireChat, ServerError} from './answers.js';
import {chatNode, chatPageNode, messageNode, viewerNode} from './nodes.js';
import {chatsPage, edgeOf, messagesPage} from './pages.js';

/** How many messages the page of a chat has. */
const messagesPerPage = 25;
/** Characters. */
const maxTitleLength = 150;

export const chatAnswers = {
  chatPage({chatCode}, {site}) {
    const chat = site.world.chatByCode(chatCode);
    if (!chat) return {chatOfCode: null};
    const chatOfCode = {...chatPageNode(chat), messagesConnection: messagesPage(chat, site, messagesPerPage, null)};
    return Object.assign({chatOfCode}, {viewer: viewerNode(site.world)});
  },

  olderMessages({count, cursor, id}, {site}) {
    const chatId = /^Chat:(\d+)$/.exec(Buffer.from(id, 'base64').toString('utf8'))?.[1];
    if (chatId === undefined) throw new ServerError();
    const chat = site.world.chat(Number(chatId));
    return {node: chat ? {...chatNode(chat), messagesConnection: messagesPage(chat, site, count, cursor)} : null};
  },

  history({count, cursor}, {site}) {
    return {chats: chatsPage(site.world.chats, count, cursor)};
  },

  historyOfBot({count, handle, cursor}, {site: {world}}) {
    const bot = world.bot(handle);
    if (!bot) throw new ServerError();
    const chats = world.chats.filter((chat) => chat.bot === bot);
    return {filteredChats: chatsPage(chats, count, cursor)};
  },

  setChatTitle({chatId, title}, context) {
    const chat = requireChat(context, chatId);
    if (title.trim() === '' || [...title].length > maxTitleLength) {
      const statusMessage = `A title must have 1 to ${maxTitleLength} characters.`;
      return {chatSetTitle: {status: 'invalid', statusMessage}};
    }
    chat.title = title;
    const node = chatNode(chat);
    context.site.channels.publish([{name: 'chatTitleUpdated', subject: chat.chatId, data: {title, id: node.id}}]);
    const changed = {status: 'success', statusMessage: '', chat: node};
    return {chatSetTitle: changed};
  },

  setContextOptimization({chatId, isContextOptimizationOn}, context) {
    const chat = requireChat(context, chatId);
    chat.isContextOptimized = isContextOptimizationOn;
    return {chatSetContextOptimization: {chat: chatNode(chat)}};
  },

  breakChat({chatId, clientNonce}, context) {
    const {channels, world} = context.site;
    const chat = requireChat(context, chatId);
    if (world.isNonceUsed(clientNonce)) throw new ServerError();
    world.addNonce(clientNonce);
    const message = world.addMessage(chat, {text: '', bot: null, isBreak: true, clientNonce});
    const node = messageNode(message, context.site);
    channels.publish([{name: 'messageAdded', subject: chat.chatId, data: node}]);
    const edge = edgeOf(node, String(message.messageId));
    return {messageBreakEdgeCreate: {status: 'success', statusMessage: '', message: edge, chat: chatNode(chat)}};
  },

  deleteChat({chatId}, context) {
    const chat = requireChat(context, chatId);
    context.site.world.removeChat(chat);
    return {deleteChat: {chatId, id: chatNode(chat).id, viewer: viewerNode(context.site.world)}};
  },

  deleteAllChats(_variables, {site: {world}}) {
    for (const chat of world.chats) world.removeChat(chat);
    return {deleteUserMessages: {viewer: viewerNode(world)}};
  },

  importChat({shareCode, botName}, {site}) {
    const {world} = site;
    const share = world.links.sharedChat(shareCode);
    if (!share) {
      const statusMessage = 'This shared chat does not exist.';
      return {continueChatFromPoeShare: {status: 'not_found', statusMessage, messages: []}};
    }
    if (world.bot(botName) !== share.bot) throw new ServerError();
    const chat = world.importChat(share);
    const messages = chat.messages.map((message) =>
      edgeOf({...messageNode(message, site), chat: chatNode(chat)}, String(message.messageId)),
    );
    const imported = {status: 'success', statusMessage: '', messages};
    return {continueChatFromPoeShare: imported};
  },
} satisfies Partial<Answers>;
