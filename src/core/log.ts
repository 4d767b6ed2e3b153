/** One exchange with Poe, told to whoever wants to watch. Holds names, numbers and times, never a secret. */
export interface LogEntry {
  /** The operation or page asked for, or what the channel did. */
  what: string;
  /** The HTTP status, or a word. */
  status: number | string;
  ms?: number;
}

export type Log = (entry: LogEntry) => void;
