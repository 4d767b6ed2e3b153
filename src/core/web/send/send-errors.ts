import {chatName} from '../../names/chat-ref.js';
import {type ErrorFacts, PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import {quote} from '../../log/redact.js';

/** The error for the status that Poe gave a message it rejected (statuses seen in clients from 2023 to 2026). */
export function sendRejected(status: string | null, statusMessage: string | null, bot: string): PoeError {
  const reason = quoted(statusMessage);
  switch (status) {
    case 'reached_limit':
      return outOfPoints(reason, bot);
    case 'too_many_tokens':
      return tooLong(reason, bot);
    case 'file_too_large':
      return new PoeError('too_large', `The file is too large for ${bot}${reason}`, {
        hint: 'Send a smaller file.',
        bot,
      });
    case 'rate_limit_exceeded':
      return new PoeError('rate_limited', `Rate limited by Poe${reason}`, {
        hint: 'Wait a few seconds, then send it again.',
      });
    case 'concurrent_messages':
      return new PoeError('rate_limited', `Too many replies are in progress${reason}`, {
        hint: 'Wait until they are complete, then send it again.',
      });
    case 'no_access':
      return new PoeError('refused', `This account cannot use the bot ${bot}${reason}`, {remedy: 'choose_bot', bot});
    case 'message_points_display_price_mismatch':
      return new PoeError('refused', `The price of ${bot} has changed, and Poe rejected the new price too`, {
        hint: 'Try again.',
        bot,
      });
    case 'unsupported_file_type':
      return new PoeError('refused', `${bot} does not accept files of this type${reason}`, {
        remedy: 'choose_bot',
        bot,
      });
    default:
      return new PoeError('refused', `Poe did not accept the message (${status ?? 'no status'})${reason}`, {
        hint: 'Check the account on poe.com.',
      });
  }
}

/** The error for a reply that ended in an error state. */
export function botError(state: string, stateText: string | null, bot: string): PoeError {
  const reason = quoted(stateText);
  if (state === 'error_insufficient_fund') return outOfPoints(reason, bot);
  if (state === 'error_user_message_too_long') return tooLong(reason, bot);
  return new PoeError('bot_failed', `${bot} failed${reason || ` (${state})`}`, {
    hint: 'Try again.',
    remedy: 'choose_bot',
    bot,
  });
}

const quoted = (message: string | null) => (message ? `: "${quote(message, 300)}"` : '');

const outOfPoints = (reason: string, bot: string) =>
  new PoeError('out_of_points', `Not enough points${reason}`, {
    hint: 'Wait until your points are renewed.',
    remedy: 'wait_for_points',
    bot,
  });

const tooLong = (reason: string, bot: string) =>
  new PoeError('too_large', `The message is too long for ${bot}${reason}`, {
    hint: 'Shorten it.',
    remedy: 'choose_bot',
    bot,
  });

/** The send got no response, and the message is certainly not on Poe. */
export class NotDelivered extends PoeError {
  constructor(cause: PoeError) {
    const code = cause.code === 'not_understood' ? 'unavailable' : cause.code;
    super(code, `${cause.message}; the message did not arrive at Poe`, {hint: 'Send it again.', cause});
  }
}

/** Poe accepted the message, but did not name its chat, and it was not found. */
export const acceptedButNotFound = () =>
  new PoeError('reply_lost', 'Poe accepted the message, but its response does not name the chat', {
    remedy: 'check_history',
  });

/**
 * The message was accepted, but its reply could not be followed to the end.
 * @param reason a clause, such as `No data from Poe for 120 seconds`
 * @param failure the error of the last request for the rest
 */
export function replyLost(reason: string, chat: Chat, failure?: PoeError): PoeError {
  const rest = failure ? `; the rest could not be fetched: ${failure.message}` : '';
  const isLoggedOut = failure?.code === 'bad_tokens' || failure?.code === 'bad_form_key';
  return new PoeError('reply_lost', `${reason} before the reply was complete${rest}`, {
    hint: 'The bot continues its reply on Poe.',
    ...attach(chat),
    ...(isLoggedOut && {needs: 'web'}),
    cause: failure,
  });
}

/** Poe cannot be reached, so only the stored part of a reply is available. */
export const partialReply = (cause: PoeError, chat: Chat) =>
  new PoeError('reply_lost', `${cause.message}; this is the part of the reply that was stored`, {
    hint: 'Try again when Poe can be reached.',
    ...attach(chat),
    cause,
  });

const attach = (chat: Chat): ErrorFacts => ({remedy: 'attach', chat: chatName(chat)});

/** The chat has no messages or no reply. */
export const noReply = (chat: Chat) =>
  new PoeError('message_not_found', `The chat ${chatName(chat)} has no reply yet`, {
    remedy: 'send_message',
    chat: chatName(chat),
  });
