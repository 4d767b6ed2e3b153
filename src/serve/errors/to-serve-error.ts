import {type ErrorCode, PoeError} from '../../core/errors.js';
import {type FailureKind, invalidRequest, ServeError} from './serve-error.js';

/**
 * For failures after which the message may have been charged. Clients repeat a request by themselves after any status from 500 on (the
 * package `ai` does it whatever the headers say), so this is one of those that they do not repeat after.
 */
export const maybeChargedStatus = 424;

/** The status and the kind for an error of poe. */
const meanings: Readonly<Partial<Record<ErrorCode, readonly [status: number, kind: FailureKind, code?: string]>>> = {
  usage: [400, 'invalid_request'],
  refused: [400, 'invalid_request'],
  file: [400, 'invalid_request'],
  bot_failed: [maybeChargedStatus, 'unavailable', 'bot_failed'],
  bot_not_found: [404, 'not_found', 'model_not_found'],
  chat_not_found: [404, 'not_found'],
  message_not_found: [404, 'not_found'],
  // The program's own token is right: it is poe that has to log in.
  not_logged_in: [503, 'unavailable', 'not_logged_in'],
  bad_tokens: [503, 'unavailable', 'not_logged_in'],
  bad_form_key: [503, 'unavailable', 'not_logged_in'],
  out_of_points: [402, 'out_of_points', 'insufficient_points'],
  too_expensive: [402, 'out_of_points', 'too_expensive'],
  over_budget: [402, 'out_of_points', 'budget_exceeded'],
  rate_limited: [429, 'rate_limited'],
  too_large: [413, 'too_large'],
  network: [502, 'unavailable'],
  unavailable: [502, 'unavailable'],
  cloudflare: [502, 'unavailable'],
  timeout: [504, 'timeout'],
  delivery_unknown: [maybeChargedStatus, 'unavailable', 'delivery_unknown'],
  reply_lost: [maybeChargedStatus, 'unavailable', 'reply_lost'],
};

/** The errors after which the message may have been charged. */
const maybeCharged: ReadonlySet<ErrorCode> = new Set(['delivery_unknown', 'reply_lost', 'bot_failed']);

/** Any error as a program sees it. The message of an error in poe itself is not shown: it may quote anything. */
export function toServeError(error: unknown): ServeError {
  if (error instanceof ServeError) return error;
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return invalidRequest('The body of the request is nested too deeply.');
  if (!(error instanceof PoeError)) return new ServeError(500, 'Internal error', {kind: 'internal', cause: error});
  const [status, kind, code] = meanings[error.code] ?? [500, 'internal'];
  const next = error.code === 'over_budget' ? budgetHint(error) : error.hint;
  const hint = next === undefined ? '' : `. ${next}`;
  return new ServeError(status, error.message + hint, {
    kind,
    code,
    mayRepeat: !maybeCharged.has(error.code),
    ...(error.code === 'rate_limited' && {retryAfterS: error.facts.retryAfterS ?? rateLimitS}),
    cause: error,
  });
}

/** How long clients wait after Poe has rejected a message without saying how long, in seconds. */
const rateLimitS = 5;

/** As `toServeError`, for a message that Poe has accepted: no client may repeat the request by itself. */
export function toServeErrorOfReply(error: unknown): ServeError {
  const {status, message, details} = toServeError(error);
  const isRepeated = status >= 500 || status === 408 || status === 409 || status === 429;
  return new ServeError(isRepeated ? maybeChargedStatus : status, message, {
    ...details,
    mayRepeat: false,
    cause: error,
  });
}

/** Whose budget it is, so that the user can raise it. */
const budgetHint = ({facts}: PoeError): string =>
  facts.remedy === 'raise_budget' ? 'Raise it with: poe budget set' : 'It was set with: poe serve token add';
