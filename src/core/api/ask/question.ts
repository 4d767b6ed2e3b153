import type {StoredMessage} from '../chats/chat-log.js';

/** What a bot is asked. */
export interface Question {
  /** Its handle, without the maker's name before it. */
  bot: string;
  /** What it is to know of, oldest first; the question is the last. */
  said: readonly StoredMessage[];
  parameters: Readonly<Record<string, unknown>>;
}
