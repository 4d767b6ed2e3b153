/** What the command line stands on: the process's streams and environment, or a test's. */
export interface Io {
  stdin: NodeJS.ReadableStream & {isTTY?: boolean; fd?: number};
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  /** Asks whoever is there, where that is not done over the streams. @returns undefined where the question is left unanswered */
  ask?: (question: string) => Promise<string | undefined>;
}

export interface TerminalStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}
