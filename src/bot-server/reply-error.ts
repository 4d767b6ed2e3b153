/** Kinds of errors for which Poe shows a text of its own. */
export type ReplyErrorType =
  'user_message_too_long' | 'insufficient_fund' | 'user_caused_error' | 'privacy_authorization_error';

export interface ReplyErrorOptions {
  /** Whether the same message may succeed later. Default: true. */
  allowRetry?: boolean | undefined;
  errorType?: ReplyErrorType | undefined;
  cause?: unknown;
}

/** An error whose message the user sees. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly allowRetry: boolean;
  readonly errorType: ReplyErrorType | undefined;

  constructor(message: string, {allowRetry = true, errorType, cause}: ReplyErrorOptions = {}) {
    super(message, {cause});
    this.allowRetry = allowRetry;
    this.errorType = errorType;
  }
}

/** Whether an error is a ReplyError, also of another copy of this package. */
export const isReplyError = (error: unknown): error is ReplyError =>
  error instanceof Error && error.name === 'ReplyError' && 'allowRetry' in error;
