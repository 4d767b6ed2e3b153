import type {RawAnswerOf, VariablesOf} from '../core/web/operations.js';
import type {AnswerContext} from './answers/answer.js';
import {attachmentOf} from './chat.js';
import {edgeOf} from './connection.js';
import {botNode, chatNode, messageNode} from './nodes.js';
import {priceRefusal} from './price.js';
import {ServerError} from './refusals.js';
import {Turn} from './turn.js';

const mostBytes = 350_000_000;
const mostCharacters = 2_000_000;

/**
 * Takes a message, and has the bot answer it after the HTTP answer.
 * @throws ServerError when the bot, the chat or a file is not there, or the nonce is used
 */
export function sendMessage(variables: VariablesOf<'sendMessage'>, context: AnswerContext): RawAnswerOf<'sendMessage'> {
  const {site, uploads} = context;
  const {world} = site;
  const bot = world.bot(variables.bot);
  const known = variables.chatId === null ? undefined : world.chat(variables.chatId);
  const isChatThere = variables.chatId === null || known !== undefined;
  const areFilesThere = variables.attachments.length === uploads.length;
  const isNew = !world.isNonceTaken(variables.clientNonce);
  if (!bot || !isChatThere || !areFilesThere || !isNew) throw new ServerError();
  const refusal = priceRefusal(bot, variables.messagePointsDisplayPrice, world) ?? refusalOf(variables, context);
  if (refusal) return {messageEdgeCreate: {...nothing, ...refusal, bot: botNode(bot)}};

  world.takeNonce(variables.clientNonce);
  world.keepUploads(uploads);
  const chat = known ?? world.addChat(bot);
  const question = world.addMessage(chat, {
    text: variables.query,
    bot: null,
    clientNonce: variables.clientNonce,
    attachments: uploads.map(attachmentOf),
  });
  const answer = world.addMessage(chat, {text: '', bot, state: 'incomplete'});
  const turn = new Turn(site, {chat, question, answer, isHeard: context.channel !== undefined});
  turn.echo();
  context.afterwards(() => turn.write());
  return {
    messageEdgeCreate: {
      ...nothing,
      status: 'success',
      chat: chatNode(chat),
      message: edgeOf(messageNode(question, world), String(question.messageId)),
      botMessage: edgeOf(messageNode(answer, world), String(answer.messageId)),
      bot: botNode(bot),
    },
  };
}

function refusalOf({query}: VariablesOf<'sendMessage'>, {uploads}: AnswerContext) {
  if (uploads.reduce((sum, {bytes}) => sum + bytes.length, 0) > mostBytes) {
    return {status: 'file_too_large', statusMessage: 'The files are too large.'};
  }
  if (query.length > mostCharacters) {
    return {status: 'too_many_tokens', statusMessage: 'The message is too long for this bot.'};
  }
  return undefined;
}

const nothing = {
  __typename: 'MessageEdgeCreate',
  status: '',
  statusMessage: '',
  message: null,
  chat: null,
  botMessage: null,
  chatBreak: null,
};
