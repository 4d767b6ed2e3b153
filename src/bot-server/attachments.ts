import type {BotQuery, QueryAttachment, QueryMessage} from './query.js';

/**
 * The query with a message for the text of each attachment, right before the message to answer: first texts, then images. So
 * models read attachments as text. Does nothing for attachments without parsed content.
 */
export function insertAttachments(query: BotQuery): BotQuery {
  const {attachments} = query.message;
  const texts = attachments.flatMap((attachment) => textMessage(attachment) ?? []);
  const images = attachments.flatMap((attachment) => imageMessage(attachment) ?? []);
  if (texts.length + images.length === 0) return query;
  return {...query, messages: [...query.messages.slice(0, -1), ...texts, ...images, query.message]};
}

function textMessage({name, contentType, parsedContent}: QueryAttachment): QueryMessage | undefined {
  if (!parsedContent) return undefined;
  if (contentType === 'text/html') {
    return userMessage(`The content of the web page ${name}, for reference:\n\n${parsedContent}`);
  }
  if (contentType.startsWith('text/') || contentType === 'application/pdf') {
    return userMessage(`The content of the file ${name}:\n\n${parsedContent}`);
  }
  return undefined;
}

function imageMessage({name, contentType, parsedContent}: QueryAttachment): QueryMessage | undefined {
  if (!parsedContent || !contentType.startsWith('image/')) return undefined;
  // Poe sends "file name***description".
  const [, fileName = name, description = parsedContent] = /^(.*?)\*\*\*(.*)$/s.exec(parsedContent) ?? [];
  return userMessage(
    `I attached the image ${fileName}. Answer as if you saw it, and do not mention this description of it:\n\n<image_description>${description}</image_description>`,
  );
}

const userMessage = (content: string): QueryMessage => ({
  role: 'user',
  content,
  contentType: 'text/markdown',
  messageType: null,
  messageId: '',
  timestamp: 0,
  parameters: {},
  attachments: [],
  metadata: null,
  sender: null,
  feedback: [],
  reactions: [],
  referencedMessage: null,
});
