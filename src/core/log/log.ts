/** One exchange with Poe, or an event on its channel. Contains no secrets. */
export interface LogEntry {
  /** The operation or page requested, or the kind of event. */
  what: string;
  /** The HTTP status, or a word. */
  status: number | string;
  ms?: number;
}

export type Log = (entry: LogEntry) => void;
