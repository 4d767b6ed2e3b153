/** The streams and the environment of the process, or those of a test. */
export interface Io {
  stdin: NodeJS.ReadableStream & {isTTY?: boolean; fd?: number};
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  /** Asks the user a question where that is not done with the streams: in a chat. Undefined if there is no answer. */
  ask?: (question: string) => Promise<string | undefined>;
}

export interface TerminalStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}
