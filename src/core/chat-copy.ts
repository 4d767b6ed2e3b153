import type {Attachment} from './model.js';

/** A chat that another program, or poe on another machine, exported. */
export interface ChatCopy {
  /** Names the chat for ever, so that it is stored only once: `chatgpt:<id>`, `claude:<id>`, `poe:<id>` or a local code. */
  source: string;
  title: string | null;
  /** The bot to continue with; null if the export does not name one. */
  bot: string | null;
  /** Oldest first. */
  messages: CopiedMessage[];
}

export type CopiedMessage =
  | {
      author: 'human' | 'bot';
      /** The bot that wrote it; null for messages from people. */
      bot: string | null;
      text: string;
      /** Only if it is not Markdown. */
      contentType?: string;
      /** As in `Message`. */
      state: string;
      /** ISO 8601. */
      time: string | null;
      attachments: Attachment[];
    }
  | {author: 'context_break'; time: string | null};
