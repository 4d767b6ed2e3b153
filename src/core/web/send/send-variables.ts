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
}

const source = {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}} as const;

/** The variables of `sendMessage`, in the order of the site. Leaves out those that its scripts do not declare. */
export function sendVariables({send, takes}: SiteFacts, message: MessageData): VariablesOf<'sendMessage'> {
  const variables = variablesOf(send, message);
  if (!takes) return variables;
  // The type requires variables that the site itself does not use.
  return Object.fromEntries(Object.entries(variables).filter(([name]) => takes.includes(name))) as typeof variables;
}

function variablesOf(send: SiteFacts['send'], message: MessageData): VariablesOf<'sendMessage'> {
  const {chatId, bot, text: query, clientNonce, price, deviceId, attachments, fileHashJwts} = message;
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
    referencedMessageId: null,
    parameters: null,
    fileHashJwts,
    isTemporary: false,
  };
}
