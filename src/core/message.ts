import type {Message} from './model.js';

type Author = Pick<Message, 'author' | 'authorUser' | 'bot' | 'clientNonce' | 'text' | 'attachments'>;

/**
 * Whether a person wrote the message. Poe has left `author` empty since 2026-08; such a message is a person's if it names
 * the account or, without a bot, has the nonce of a send.
 */
export const isUserMessage = (message: Author): boolean =>
  message.author === 'human' || message.authorUser !== null || (hasOnlyNonce(message) && !isEmpty(message));

/** Whether the message marks a point where the context was cleared. Without an author, it is an empty message with a nonce. */
export const isContextBreak = (message: Author): boolean =>
  message.author === 'chat_break' || (message.authorUser === null && hasOnlyNonce(message) && isEmpty(message));

const hourMs = 3_600_000;

/**
 * Whether a bot may still be writing a message that was read. Some replies stay incomplete on Poe forever.
 * @param options.isChanged whether it has changed since it was read before
 * @param options.time ISO 8601: when it was written, or its chat was last used
 */
export function mayGrow(
  {state}: Pick<Message, 'state'>,
  {isChanged, time, now}: {isChanged: boolean; time: string | null; now: number},
): boolean {
  if (state !== 'incomplete' && state !== 'pending') return false;
  return isChanged || (time !== null && Math.abs(now - Date.parse(time)) < hourMs);
}

/** The user's last message and the replies to it. */
export interface Exchange {
  userMessage: Message | undefined;
  /** The last reply; undefined if there is none. */
  reply: Message | undefined;
  /** The user's message and all replies. */
  messages: Message[];
}

/** The last exchange of a chat. A chat that its bot started may have replies only. @param messages oldest first */
export function lastExchange(messages: readonly Message[]): Exchange {
  const written = messages.filter((message) => !isContextBreak(message));
  const exchange = written.slice(Math.max(0, written.findLastIndex(isUserMessage)));
  const [first] = exchange;
  const last = exchange.at(-1);
  return {
    userMessage: first && isUserMessage(first) ? first : undefined,
    reply: last && !isUserMessage(last) ? last : undefined,
    messages: exchange,
  };
}

const hasOnlyNonce = ({author, bot, clientNonce}: Author): boolean => !author && bot === null && clientNonce !== null;

const isEmpty = ({text, attachments}: Author): boolean => text === '' && attachments.length === 0;

/** An image in Markdown: what is before its URL, and the URL. */
const image = /(!\[[^\]]*\]\(\s*<?)(https?:[^\s)>]+)/g;

/** The URLs of attachments, and of images in the text. */
export function fileUrls(
  {text, attachments}: Pick<Message, 'text' | 'attachments'>,
  {thumbnails = true}: {thumbnails?: boolean} = {},
): string[] {
  const attached = attachments.flatMap(({url, thumbnailUrl}) => (thumbnails ? [url, thumbnailUrl] : [url]));
  const inText = [...text.matchAll(image)].map(([, , url]) => url);
  return [...attached, ...inText].filter((url) => typeof url === 'string');
}

/** A message that refers to files by other URLs. @param urls the new ones by the old ones */
export function withFileUrls(message: Message, urls: ReadonlyMap<string, string>): Message {
  const urlOf = (url: string | null) => (url === null ? null : (urls.get(url) ?? url));
  return {
    ...message,
    text: message.text.replaceAll(image, (_all, start: string, url: string) => start + (urls.get(url) ?? url)),
    attachments: message.attachments.map((file) => Object.assign({}, file, {url: urlOf(file.url)})),
  };
}
