import {nodeId} from '../../core/model.js';
import type {RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import type {AnswerContext} from './answers.js';
import {unwritten} from '../world/chat.js';
import {edgeOf} from './pages.js';
import {botNode, messageNode} from './nodes.js';
import {priceRefusal} from '../world/price.js';
import {ServerError} from '../server/errors.js';
import {Turn} from '../live/turn.js';

/**
 * Has the newest message of a bot in its chat written anew, after the HTTP answer.
 * @throws ServerError for any other message, for one that is being written, and where the question is gone
 */
export function retryMessage(
  {messageId, messagePointsDisplayPrice}: VariablesOf<'retryMessage'>,
  context: AnswerContext,
): RawAnswerOf<'retryMessage'> {
  const {site, channel} = context;
  const {world, faults, channels} = site;
  const chat = world.chatWith(messageId);
  const old = chat?.messages.findLast(({bot}) => bot !== null);
  const place = chat && old ? chat.messages.indexOf(old) : -1;
  const question = chat?.messages.slice(0, place).findLast(({bot, isBreak}) => bot === null && !isBreak);
  if (!chat || !old?.bot || !question) throw new ServerError();
  if (old.messageId !== messageId || world.jobs.areWriting(chat)) throw new ServerError();
  const {bot} = old;
  const {hasPrices} = site.form;
  if (!hasPrices && messagePointsDisplayPrice !== undefined) throw new ServerError();
  const refusal = hasPrices ? priceRefusal(bot, messagePointsDisplayPrice, world) : undefined;
  if (refusal) return {messageRegenerate: {...refusal, message: null, bot: botNode(bot)}};

  // A bot that had said something before this message says only what comes after that.
  const from = chat.messages.slice(chat.messages.indexOf(question), place).filter((message) => message.bot).length;
  const isReplaced = faults.replies.retriedAsNew;
  if (isReplaced) {
    world.removeMessages(chat, [old]);
    const data = {id: nodeId('Message', messageId), messageId};
    channels.publish([{name: 'messageDeleted', subject: chat.chatId, data}]);
  } else {
    Object.assign(old, unwritten);
  }
  const answer = isReplaced ? world.addMessage(chat, {text: '', bot, state: 'incomplete'}) : old;
  const turn = new Turn(site, {chat, question, answer, from, isHeard: channel !== undefined});
  turn.announce();
  context.afterwards(() => turn.write());
  const message = isReplaced ? null : edgeOf(messageNode(answer, world), String(answer.messageId));
  return {messageRegenerate: {status: 'success', statusMessage: '', message, bot: botNode(bot)}};
}
