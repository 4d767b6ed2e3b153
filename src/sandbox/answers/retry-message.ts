import {nodeId} from '../../core/model.js';
import type {RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import {Turn} from '../live/turn.js';
import {unwritten} from '../world/chat.js';
import {type AnswerContext, ServerError} from './answers.js';
import {botNode, messageNode} from './nodes.js';
import {edgeOf} from './pages.js';
import {checkPrice} from './send-message.js';

/**
 * Regenerates the last message of a bot in its chat. The bot writes it after the HTTP response.
 * @throws ServerError for any other message, while one is being written, and if the question was deleted
 */
export function retryMessage(
  {messageId, messagePointsDisplayPrice}: VariablesOf<'retryMessage'>,
  context: AnswerContext,
): RawAnswerOf<'retryMessage'> {
  const {site, channel} = context;
  const {world, faults, channels} = site;
  const chat = world.chatOfMessage(messageId);
  const previous = chat?.messages.findLast(({bot}) => bot !== null);
  const index = chat && previous ? chat.messages.indexOf(previous) : -1;
  const question = chat?.messages.slice(0, index).findLast(({bot, isBreak}) => bot === null && !isBreak);
  if (!chat || !previous?.bot || !question) throw new ServerError();
  if (previous.messageId !== messageId || world.jobs.areWriting(chat)) throw new ServerError();
  const {bot} = previous;
  const {hasPrices} = site.facts;
  if (!hasPrices && messagePointsDisplayPrice !== undefined) throw new ServerError();
  const refusal = hasPrices ? checkPrice(bot, messagePointsDisplayPrice, world) : undefined;
  if (refusal) return {messageRegenerate: {...refusal, message: null, bot: botNode(bot)}};

  // Earlier messages of the same reply stay, and the bot writes only what follows them.
  const from = chat.messages.slice(chat.messages.indexOf(question), index).filter((message) => message.bot).length;
  const isReplaced = faults.replies.retriedAsNew;
  if (isReplaced) {
    world.removeMessages(chat, [previous]);
    const data = {id: nodeId('Message', messageId), messageId};
    channels.publish([{name: 'messageDeleted', subject: chat.chatId, data}]);
  } else {
    Object.assign(previous, unwritten);
  }
  const answer = isReplaced ? world.addMessage(chat, {text: '', bot, state: 'incomplete'}) : previous;
  const isOutOfPoints = !hasPrices && bot.price > world.viewer.points;
  const turn = new Turn(site, {chat, question, answer, from, isOutOfPoints, hasListener: channel !== undefined});
  turn.announce();
  context.afterResponse(() => turn.write());
  const message = isReplaced ? null : edgeOf(messageNode(answer, site), String(answer.messageId));
  return {messageRegenerate: {status: 'success', statusMessage: '', message, bot: botNode(bot)}};
}
