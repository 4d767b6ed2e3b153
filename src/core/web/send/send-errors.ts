import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import {quote} from '../../redact.js';

/** Why a message was not taken, from the status that Poe gave (as seen in clients from 2023 to 2026). */
export function sendRejected(status: string | null, said: string | null, bot: string): PoeError {
  const words = quoted(said);
  switch (status) {
    case 'reached_limit':
      return outOfPoints(words);
    case 'too_many_tokens':
      return tooLong(bot, words);
    case 'file_too_large':
      return new PoeError('too_large', `The file is too large for ${bot}${words}`, {hint: 'Send a smaller one.'});
    case 'rate_limit_exceeded':
      return new PoeError('rate_limited', `Poe wants messages to come more slowly${words}`, {
        hint: 'Wait a few seconds, then send it again.',
      });
    case 'concurrent_messages':
      return new PoeError('rate_limited', `Poe takes no further message while others are being answered${words}`, {
        hint: 'Wait until they are, then send it again.',
      });
    case 'no_access':
      return new PoeError('refused', `This account may not use the bot ${bot}${words}`, {
        hint: 'Choose another one with -b.',
      });
    case 'message_points_display_price_mismatch':
      return new PoeError('refused', `The price of ${bot} has changed, and Poe did not take the new one either`, {
        hint: 'Try again.',
      });
    case 'unsupported_file_type':
      return new PoeError('refused', `${bot} does not take files of this type${words}`, {
        hint: 'Choose another bot with -b.',
      });
    default:
      return new PoeError('refused', `Poe did not take the message (${status ?? 'without a status'})${words}`, {
        hint: 'Look at the account on poe.com.',
      });
  }
}

/** Why a bot's message ended in an error state. */
export function botError(state: string, stateText: string | null, bot: string): PoeError {
  const words = quoted(stateText);
  if (state === 'error_insufficient_fund') return outOfPoints(words);
  if (state === 'error_user_message_too_long') return tooLong(bot, words);
  return new PoeError('bot_failed', `${bot} ended in an error (${state})${words}`, {
    hint: 'Try again, or ask another bot with -b.',
  });
}

const quoted = (said: string | null) => (said ? `: “${quote(said, 300)}”` : '');

const outOfPoints = (words: string) =>
  new PoeError('out_of_points', `The account's points do not suffice for this message${words}`, {
    hint: 'Choose a cheaper bot with -b, or wait until the points come back.',
  });

const tooLong = (bot: string, words: string) =>
  new PoeError('too_large', `The message is too long for ${bot}${words}`, {
    hint: 'Shorten it, or choose another bot with -b.',
  });

/** The send got no answer, and Poe, when asked, did not have the message. */
export const notDelivered = (cause: PoeError) =>
  new PoeError(cause.code, `${cause.message}; poe looked for the message on Poe: it did not arrive`, {
    hint: 'Send it again.',
    cause,
  });

/** The send got no answer, nothing on the channel says that it arrived, and Poe could not be asked. */
export const unknownDelivery = (cause: PoeError) =>
  new PoeError(cause.code, `${cause.message}; whether the message arrived is not known`, {
    hint: 'Look whether it is there, with poe history or on poe.com, before you send it again.',
    cause,
  });

/** Poe says that it took the message, but neither where it is nor, when asked, that it is there. */
export const acceptedButNotFound = (cause: PoeError) =>
  new PoeError(
    'reply_lost',
    'Poe took the message, but does not say in which chat, and shows it in none of the newest',
    {
      hint: 'Look for it with poe history, or on poe.com, before you send it again.',
      cause,
    },
  );

/**
 * The message was taken, but its reply could not be followed to the end.
 * @param failure what Poe said when it was asked for the rest
 */
export function replyLost(why: string, {chatCode, chatId}: Chat, failure?: PoeError): PoeError {
  const rest = failure ? `; asked for the rest, it failed: ${failure.message}` : '';
  const logIn = failure?.code === 'bad_tokens' || failure?.code === 'bad_form_key' ? ' Log in with: poe login' : '';
  return new PoeError('reply_lost', `${why} before the reply was whole${rest}`, {
    hint: `Poe goes on writing it.${logIn && `${logIn}.`}`,
    remedy: 'attach',
    chat: chatCode ?? String(chatId),
    cause: failure,
  });
}

/** What had come of a reply is shown, for Poe cannot be asked for it. */
export const partialReply = (cause: PoeError, {chatCode, chatId}: Chat) =>
  new PoeError('reply_lost', `${cause.message}; this is what had come of the reply before poe lost it`, {
    hint: `Try again when Poe can be reached: poe attach ${chatCode ?? chatId}`,
    cause,
  });

/** Nobody has said anything yet, so that there is nothing to do something to. */
export const noReply = ({chatCode, chatId}: Chat) =>
  new PoeError('message_not_found', `The chat ${chatCode ?? chatId} has no reply yet`, {
    hint: 'Send a message to it with: poe send -c <chat>',
  });
