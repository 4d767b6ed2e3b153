/** What the command line stands on: the process's streams and environment, or a test's. */
export interface Io {
  stdin: NodeJS.ReadableStream & {isTTY?: boolean; fd?: number};
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
}

export interface TerminalStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}
