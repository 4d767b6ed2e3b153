import type {RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import {Turn} from '../live/turn.js';
import type {SandboxSite} from '../site/site.js';
import type {Bot} from '../world/bots.js';
import {attachmentOf, type Upload} from '../world/chat.js';
import type {World} from '../world/world.js';
import {type AnswerContext, ServerError} from './answers.js';
import {readParameters} from './message-parameters.js';
import {botNode, chatNode, messageNode} from './nodes.js';
import {edgeOf} from './pages.js';

const maxUploadBytes = 350_000_000;
/** UTF-16 code units. */
const maxLength = 2_000_000;

/**
 * Accepts a message. The bot replies after the HTTP response.
 * @throws ServerError if the bot, the chat, the referenced message or a file does not exist, the nonce is used, a variable is missing or unknown, or a parameter is wrong
 */
export function sendMessage(variables: VariablesOf<'sendMessage'>, context: AnswerContext): RawAnswerOf<'sendMessage'> {
  const {site} = context;
  const {world} = site;
  const {hasPrices} = site.facts;
  const {query: text, clientNonce, referencedMessageId: referencedId = null, isTemporary = false} = variables;
  const bot = world.bot(variables.bot);
  const existing = variables.chatId === null ? undefined : world.chat(variables.chatId);
  const isChatMissing = variables.chatId !== null && existing === undefined;
  const uploads = findUploads(variables, context);
  if (!areVariablesValid(variables, site) || world.isNonceUsed(clientNonce)) throw new ServerError();
  const referenced = existing?.messages.find(({messageId, isBreak}) => messageId === referencedId && !isBreak);
  if (referencedId !== null && !referenced) throw new ServerError();
  if (isTemporary && existing && !existing.isTemporary) throw new ServerError();
  if (!bot || isChatMissing || variables.attachments.length !== uploads?.length) throw new ServerError();
  const parameters = readParameters(variables.parameters, bot, {takesObject: site.facts.takesParametersAsObject});
  if (!parameters) throw new ServerError();
  const priceRefusal = hasPrices ? checkPrice(bot, variables.messagePointsDisplayPrice, world) : undefined;
  const refusal = priceRefusal ?? checkSize(text, uploads);
  if (refusal) return {messageEdgeCreate: {...emptyAnswer, ...refusal, bot: botNode(bot)}};

  world.addNonce(clientNonce);
  world.addUploads(uploads);
  const chat = existing ?? world.addChat(bot, {isTemporary});
  const question = world.addMessage(chat, {
    text,
    bot: null,
    clientNonce,
    referencedMessageId: referenced?.messageId ?? null,
    parameters,
    attachments: uploads.map(attachmentOf),
  });
  const answer = world.addMessage(chat, {text: '', bot, state: 'incomplete'});
  const isOutOfPoints = !hasPrices && bot.price > world.viewer.points;
  const turn = new Turn(site, {chat, question, answer, isOutOfPoints, hasListener: context.channel !== undefined});
  turn.echo();
  context.afterResponse(() => turn.write());
  return {
    messageEdgeCreate: {
      ...emptyAnswer,
      status: 'success',
      chat: chatNode(chat),
      message: edgeOf(messageNode(question, site), String(question.messageId)),
      botMessage: edgeOf(messageNode(answer, site), String(answer.messageId)),
      bot: botNode(bot),
    },
  };
}

/** Checks the price sent with a message (until 2025). @returns the refusal, or undefined if the bot may reply */
export function checkPrice({price}: Bot, sentPrice: number | undefined, {viewer}: World) {
  if (sentPrice !== price) return {status: 'message_points_display_price_mismatch', statusMessage: null};
  if (price > viewer.points) {
    return {status: 'reached_limit', statusMessage: 'You do not have enough points left for this message.'};
  }
  return undefined;
}

/** Whether a send has exactly the variables of this site version. The price is checked later. */
function areVariablesValid(variables: VariablesOf<'sendMessage'>, {facts}: SandboxSite): boolean {
  const {hasPrices, sendVariables} = facts;
  const names = new Set(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : name)));
  const isPrice = (name: string) => name === 'messagePointsDisplayPrice';
  const isDeviceId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(variables.sdid);
  return (
    [...names].every((name) => sendVariables.includes(name)) &&
    sendVariables.every((name) => names.has(name) || isPrice(name)) &&
    (hasPrices || isDeviceId)
  );
}

/** The files sent with the message or before it; undefined if one is missing. */
function findUploads({fileHashJwts = []}: VariablesOf<'sendMessage'>, {uploads, site}: AnswerContext) {
  if (fileHashJwts.length === 0) return uploads;
  const ahead = fileHashJwts.flatMap((token) => site.world.uploadsAhead.get(token) ?? []);
  return ahead.length === fileHashJwts.length ? ahead : undefined;
}

function checkSize(text: string, uploads: readonly Upload[]) {
  if (uploads.reduce((sum, {bytes}) => sum + bytes.length, 0) > maxUploadBytes) {
    return {status: 'file_too_large', statusMessage: 'The files are too large.'};
  }
  if (text.length > maxLength) {
    return {status: 'too_many_tokens', statusMessage: 'The message is too long for this bot.'};
  }
  return undefined;
}

const emptyAnswer = {
  __typename: 'MessageEdgeCreate',
  status: '',
  statusMessage: '',
  message: null,
  chat: null,
  botMessage: null,
  chatBreak: null,
};
