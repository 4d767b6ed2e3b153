import type {SiteFacts} from '../protocol/facts.js';
import type {FileReferences} from '../session/upload.js';
import {newNonce} from '../protocol/nonce.js';
import type {VariablesOf} from '../protocol/operations.js';

interface Sent extends FileReferences {
  text: string;
  bot: string;
  /** Null starts a new chat. */
  chatId: number | null;
  clientNonce: string;
  /** What the user was shown, in points; null where Poe does not tell it. */
  price: number | null;
  deviceId: string;
}

const source = {sourceType: 'chat_input', chatInputMetadata: {useVoiceRecord: false}} as const;

/** The variables of a message, in the form and the order that the site has them in; what it does not take is left out. */
export function sendVariables({send, takes}: SiteFacts, message: Sent): VariablesOf<'sendMessage'> {
  const variables = variablesOf(send, message);
  if (!takes) return variables;
  // The site says itself that it goes without those that are left out.
  return Object.fromEntries(Object.entries(variables).filter(([name]) => takes.includes(name))) as typeof variables;
}

function variablesOf(send: SiteFacts['send'], message: Sent): VariablesOf<'sendMessage'> {
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
