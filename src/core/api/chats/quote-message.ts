import {PoeError} from '../../errors.js';
import {localCodeOf} from '../../names/chat-ref.js';
import type {MessageRef} from '../../options.js';
import type {LocalChat, StoredMessage} from './chat-log.js';
import {findStored} from './local-chats.js';

/** Enough to recognize a message that the bot sees as well. */
const excerptLength = 400;

/**
 * A text that begins with a quote of a message of the chat: the API has no references to messages. The quote is complete if the
 * bot does not see the message itself, because the context was cleared.
 * @throws PoeError `message_not_found`
 */
export function withQuote(local: LocalChat, which: MessageRef, text: string): string {
  const message = findStored(local, which);
  const isSeen = local.context.some(({messageId}) => messageId === message.messageId);
  const quoted = contentOf(message);
  if (quoted === '') {
    throw new PoeError('message_not_found', 'The message has no text to reply to', {
      remedy: 'list_messages',
      chat: localCodeOf(local.chat),
    });
  }
  const excerpt = isSeen ? shortened(quoted) : quoted;
  return `${excerpt.replaceAll(/^/gm, '> ').replaceAll(/ +$/gm, '')}\n\n${text}`;
}

/** Its text, or else the names of its files. */
const contentOf = ({text, attachments = []}: StoredMessage): string =>
  text.trim() || attachments.map(({name}) => `[${name ?? 'file'}]`).join('\n');

function shortened(text: string): string {
  const characters = Array.from(text.slice(0, excerptLength * 2));
  return text.length <= excerptLength ? text : `${characters.slice(0, excerptLength).join('').trimEnd()} …`;
}
