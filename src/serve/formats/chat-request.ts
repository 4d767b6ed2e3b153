/* What a caller asks for, in the same terms for all three formats. */

/** A request to continue a conversation. */
export interface ChatRequest {
  /** The model, as the caller wrote it. */
  model: string;
  /** The instructions before the first message; '' for none. */
  system: string;
  /** The conversation, oldest first. The roles alternate, and the last turn is the user's. */
  turns: Turn[];
  /** As the caller wrote it: `low`, `minimal`, `max`. */
  effort: string | undefined;
  /** Whether the reply must be JSON, and of which form. */
  json: JsonFormat | undefined;
  /** Fields that the format does not have: perhaps parameters of the bot. */
  parameters: Record<string, string>;
  isStream: boolean;
  /** Whether a stream ends with the numbers of tokens. The other formats always have them. */
  includesUsage: boolean;
  /** What the request cannot do without and a bot with a browser session does not have, as parts of a sentence: `tools`. */
  requires: string[];
  /** The fields that have no effect. */
  ignored: string[];
}

export interface JsonFormat {
  /** A JSON Schema; null for any object. */
  schema: object | null;
}

/** Consecutive messages of one side. */
export interface Turn {
  role: 'user' | 'assistant';
  text: string;
  files: RequestFile[];
}

/** A file in a message: its content, or where it is. */
export type RequestFile = {name: string; content: Uint8Array} | {name: string; url: string};

/** Joins consecutive messages of the same side, and drops empty ones. */
export function toTurns(messages: readonly Turn[]): Turn[] {
  const sides: {role: Turn['role']; messages: Turn[]}[] = [];
  for (const message of messages) {
    if (message.text.trim() === '' && message.files.length === 0) continue;
    const last = sides.at(-1);
    if (last?.role === message.role) last.messages.push(message);
    else sides.push({role: message.role, messages: [message]});
  }
  return sides.map(({role, messages: joined}) => ({
    role,
    text: joined
      .map(({text}) => text)
      .filter((text) => text.trim() !== '')
      .join('\n\n'),
    files: joined.flatMap(({files}) => files),
  }));
}
