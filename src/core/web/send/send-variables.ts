import {PoeError} from '../../errors.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {FileReferences} from '../session/upload.js';
import {newNonce} from '../protocol/nonce.js';
import type {VariablesOf} from '../protocol/operations.js';
import type {Id} from '../../names/id.js';

interface MessageData extends FileReferences {
  text: string;
  bot: string;
  /** Null starts a new chat. */
  chatId: Id | null;
  clientNonce: string;
  /** The price in points that the user was shown; null if unknown. */
  price: number | null;
  deviceId: string;
  isTemporary: boolean;
  /** The message that this one replies to. */
  referencedMessageId: Id | null;
  /** Parameters of the bot; null for none. */
  parameters: Readonly<Record<string, unknown>> | null;
  sendsParametersAsObject: boolean;
}

const source = {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}} as const;

/**
 * The variables of `sendMessage`, in the order of the site. Leaves out those that its scripts do not declare.
 * @throws PoeError `usage` if the site has no temporary chats, no references to messages, or no parameters of bots
 */
export function sendVariables({send, takes}: SiteFacts, message: MessageData): VariablesOf<'sendMessage'> {
  const variables = variablesOf(send, message);
  const has = (name: string) => name in variables && (takes?.includes(name) ?? true);
  if (message.isTemporary && !has('isTemporary')) throw missing('no temporary chats');
  if (message.referencedMessageId !== null && !has('referencedMessageId')) throw missing('no replies to a message');
  if (message.parameters && !has('parameters')) throw missing('no parameters of bots');
  if (!takes) return variables;
  // The type requires variables that the site itself does not use.
  return Object.fromEntries(Object.entries(variables).filter(([name]) => takes.includes(name))) as typeof variables;
}

const missing = (what: string) =>
  new PoeError('usage', `This version of poe.com has ${what}`, {hint: 'Nothing was sent.'});

function variablesOf(send: SiteFacts['send'], message: MessageData): VariablesOf<'sendMessage'> {
  const {chatId, bot, text: query, clientNonce, price, deviceId, attachments, fileHashJwts, isTemporary} = message;
  const {referencedMessageId} = message;
  if (send === '2025-03') {
    return {
      chatId,
      bot,
      query,
      shouldFetchChat: true,
      source,
      clientNonce,
      sdid: '',
      attachments,
      existingMessageAttachmentsIds: [],
      ...(price !== null && {messagePointsDisplayPrice: price}),
    };
  }
  return {
    chatId,
    bot,
    query,
    source,
    clientNonce,
    sdid: deviceId,
    attachments,
    chatNonce: newNonce(),
    existingMessageAttachmentsIds: [],
    shouldFetchChat: true,
    referencedMessageId,
    parameters: toVariable(message),
    fileHashJwts,
    isTemporary,
  };
}

function toVariable({parameters, sendsParametersAsObject}: MessageData): VariablesOf<'sendMessage'>['parameters'] {
  return parameters && !sendsParametersAsObject ? JSON.stringify(parameters) : parameters;
}
