/** The streams and the environment of the process, or those of a test. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & {isTTY?: boolean; fd?: number};
  /** The descriptor of stdin. With it, a terminal or a device is recognized without opening the stream. */
  stdinFd?: number;
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  /** Asks the user a question in a chat, where the streams are in use. Resolves to undefined without an answer. */
  ask?: (question: string) => Promise<string | undefined>;
  /** Words a note for the place where the command was typed. */
  wordNote?: (text: string) => string;
}

export interface TerminalStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}
