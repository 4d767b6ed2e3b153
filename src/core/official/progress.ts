import type {KeptFile} from './journal.js';

/** Tokens, often estimated by Poe. */
export interface Usage {
  promptTokens: number | null;
  completionTokens: number | null;
}

/** How far an answer has come. */
export interface Progress {
  text: string;
  /** What the bot thought before it wrote. */
  reasoning: string;
  usage: Usage | null;
  files: readonly KeptFile[];
  suggestedReplies: readonly string[];
  /** Why the bot stopped, as OpenAI names it; null where that is not told (yet). */
  finishReason: string | null;
}

export const nothingYet: Progress = {
  text: '',
  reasoning: '',
  usage: null,
  files: [],
  suggestedReplies: [],
  finishReason: null,
};
