/** The kinds of words that can be completed. */
export type CompletionKind = 'bots' | 'chats' | 'categories' | 'files';

/** A subcommand of poe that can be typed as `/name`. */
export interface SlashCommand {
  name: string;
  summary: string;
  /** The title of its group in the help. */
  group: string;
  /**
   * Whether the current chat is inserted as the first argument: never, always (`first`), or unless a chat is named (`alone`).
   */
  takesChat: 'never' | 'first' | 'alone';
  /** What each argument can be completed to. The last kind applies to all further arguments. */
  completes: readonly CompletionKind[];
  /** Whether it does nothing without an argument. */
  needsArgument?: boolean;
  /** How the command is typed in the chat, what it does, and its options. */
  help(): string;
}
