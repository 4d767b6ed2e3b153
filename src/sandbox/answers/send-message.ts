import type {RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import type {AnswerContext} from './answers.js';
import {attachmentOf, type Upload} from '../world/chat.js';
import {edgeOf} from './pages.js';
import {botNode, chatNode, messageNode} from './nodes.js';
import {priceRefusal} from '../world/price.js';
import {ServerError} from '../server/errors.js';
import type {SandboxSite} from '../site/site.js';
import {Turn} from '../live/turn.js';

const mostBytes = 350_000_000;
const mostCharacters = 2_000_000;

/**
 * Takes a message, and has the bot answer it after the HTTP answer.
 * @throws ServerError when the bot, the chat or a file is not there, or the nonce is used
 */
export function sendMessage(variables: VariablesOf<'sendMessage'>, context: AnswerContext): RawAnswerOf<'sendMessage'> {
  const {site} = context;
  const uploads = filesOf(variables, context);
  const {world} = site;
  const bot = world.bot(variables.bot);
  const known = variables.chatId === null ? undefined : world.chat(variables.chatId);
  const isChatThere = variables.chatId === null || known !== undefined;
  const areFilesThere = variables.attachments.length === uploads?.length;
  const isNew = !world.isNonceTaken(variables.clientNonce);
  if (!isOfForm(variables, site)) throw new ServerError();
  if (!bot || !isChatThere || !uploads || !areFilesThere || !isNew) throw new ServerError();
  const {hasPrices} = site.form;
  const priced = hasPrices ? priceRefusal(bot, variables.messagePointsDisplayPrice, world) : undefined;
  const refusal = priced ?? refusalOf(variables.query, uploads);
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
  const isBroke = !hasPrices && bot.price > world.viewer.points;
  const turn = new Turn(site, {chat, question, answer, isBroke, isHeard: context.channel !== undefined});
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

/** Whether the variables are those of the site's form, no more and no fewer. What a wrong price is, is told elsewhere. */
function isOfForm(variables: VariablesOf<'sendMessage'>, {form, rules: {sendTakes}}: SandboxSite): boolean {
  const given = new Set(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : name)));
  const isPrice = (name: string) => name === 'messagePointsDisplayPrice';
  const isDevice = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(variables.sdid);
  return (
    [...given].every((name) => sendTakes.includes(name)) &&
    sendTakes.every((name) => given.has(name) || isPrice(name)) &&
    (form.hasPrices || isDevice)
  );
}

/** The files that came with the message or ahead of it; undefined where one is not there. */
function filesOf({fileHashJwts = []}: VariablesOf<'sendMessage'>, {uploads, site}: AnswerContext) {
  if (fileHashJwts.length === 0) return uploads;
  const ahead = fileHashJwts.flatMap((token) => site.world.ahead.get(token) ?? []);
  return ahead.length === fileHashJwts.length ? ahead : undefined;
}

function refusalOf(query: string, uploads: readonly Upload[]) {
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
