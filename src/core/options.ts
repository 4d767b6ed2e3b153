/** What every call takes. */
export interface CallOptions {
  /** Ends the call when it is aborted. */
  signal?: AbortSignal;
}

/** What every list takes. */
export interface ListOptions extends CallOptions {
  /** The most items wanted. Default: all. */
  limit?: number;
}
