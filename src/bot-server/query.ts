/* The query of a user, with the names of Poe's protocol in camelCase. */

/** A question to the bot, with the conversation before it. */
export interface BotQuery {
  /** The message to answer: the last one. */
  message: QueryMessage;
  /** The conversation, oldest first, with the message to answer. */
  messages: readonly QueryMessage[];
  /** Identifies the user for this bot only. */
  userId: string;
  conversationId: string;
  /** Identifies the reply. */
  messageId: string;
  botQueryId: string;
  /** A BCP 47 code, such as `en`. */
  languageCode: string;
  temperature: number | null;
  skipSystemPrompt: boolean;
  logitBias: Readonly<Record<string, number>>;
  stopSequences: readonly string[];
  /** The users of a chat with several users. */
  users: readonly QueryUser[];
  /** Tools in OpenAI's format; null for none. */
  tools: readonly unknown[] | null;
  toolCalls: readonly unknown[] | null;
  toolResults: readonly unknown[] | null;
  /** Microseconds since 1970. */
  queryCreationTime: number | null;
  /** The request as Poe sent it, with fields that are not known here. */
  raw: Readonly<Record<string, unknown>>;
}

export interface QueryMessage {
  role: 'system' | 'user' | 'bot' | 'tool';
  content: string;
  contentType: string;
  messageType: string | null;
  messageId: string;
  /** Microseconds since 1970; 0 if it is not known. */
  timestamp: number;
  /** What the user set in the bot's parameter controls. */
  parameters: Readonly<Record<string, unknown>>;
  attachments: readonly QueryAttachment[];
  /** What a `data` event of the bot stored with its reply. */
  metadata: string | null;
  sender: {readonly id: string | null; readonly name: string | null} | null;
  feedback: readonly {readonly type: string; readonly reason: string | null}[];
  reactions: readonly {readonly userId: string; readonly reaction: string}[];
  /** The message that this one answers. */
  referencedMessage: QueryMessage | null;
}

export interface QueryAttachment {
  /** Can be downloaded for about ten minutes. */
  url: string;
  /** MIME type. */
  contentType: string;
  name: string;
  inlineRef: string | null;
  /** Its text, or a description of an image, if the settings ask for it. */
  parsedContent: string | null;
}

export interface QueryUser {
  id: string;
  name: string | null;
}
