/** The kinds of failures that the formats of errors distinguish. */
export type FailureKind =
  | 'invalid_request'
  | 'unauthenticated'
  | 'out_of_points'
  | 'forbidden'
  | 'not_found'
  | 'too_large'
  | 'rate_limited'
  | 'timeout'
  | 'unavailable'
  | 'internal';

interface FailureDetails {
  kind: FailureKind;
  /** A word for programs, such as `budget_exceeded`. */
  code?: string | undefined;
  /** The field of the request that the failure is about. */
  param?: string | undefined;
  /** When to try again, in seconds. */
  retryAfterS?: number | undefined;
  /** False if the same request may be charged a second time, so that a program must not repeat it by itself. */
  mayRepeat?: boolean;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** A failure as a program that uses the server sees it. The message has one line and no secrets. */
export class ServeError extends Error {
  override readonly name = 'ServeError';
  readonly status: number;
  readonly details: FailureDetails;

  constructor(status: number, message: string, {cause, ...details}: FailureDetails) {
    super(message, {cause});
    this.status = status;
    this.details = details;
  }
}

export const invalidRequest = (message: string, param?: string): ServeError =>
  new ServeError(400, message, {kind: 'invalid_request', param});
