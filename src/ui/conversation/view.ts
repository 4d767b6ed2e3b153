import type {Connection} from '../../core/connection.js';

/** What a conversation does to the terminal. */
export interface ConversationView {
  /** Writes lines to the scrollback and redraws what is below them. */
  print(text: string): void;
  changed(): void;
  leave(): void;
  edit(): void;
  setDraft(text: string): void;
  /** A reply has come to its end. */
  answered(bot: string, tookMs: number): void;
  /** @returns undefined where the question is left unanswered */
  ask(question: string): Promise<string | undefined>;
}

export interface View {
  tail: string;
  notice: string;
  offers: readonly string[];
  status: readonly string[];
  /** What the last message cost, and what is left, once that is known. */
  costs: string;
  connection: Connection;
}
