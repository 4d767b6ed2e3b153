import type {Reply} from '../../core/reply.js';
import {PipedText} from '../../output/reply/piped-text.js';
import {ServeError} from '../errors/serve-error.js';
import {maybeChargedStatus} from '../errors/to-serve-error.js';
import {linksToFiles} from '../formats/written-reply.js';

/**
 * Waits for a reply, and passes on its text in pieces. The formats cannot replace text, as bots do, so a piece is passed on only once
 * later updates have confirmed it; see `PipedText`.
 * @param onText undefined if nobody reads the text while it arrives
 * @returns the whole text, with links to the files, and whether it is what was passed on
 * @throws PoeError of the reply
 */
export async function followReply(
  reply: Reply,
  onText: ((piece: string) => void) | undefined,
): Promise<{text: string; isExact: boolean}> {
  const piped = onText && new PipedText(onText);
  try {
    for await (const event of reply) {
      if (event.type === 'append' || event.type === 'replace') piped?.update(event, reply.text);
    }
  } catch (error) {
    piped?.discard();
    throw error;
  }
  const {text, attachments} = reply.current;
  const whole = text + linksToFiles(text, attachments);
  return {text: whole, isExact: piped?.complete(whole).isExact ?? true};
}

/** The error of a stream whose text has become wrong. */
export const textReplaced = () =>
  new ServeError(
    maybeChargedStatus,
    'The bot changed text that was already sent. Send the same request again to get the whole reply: it costs nothing.',
    {kind: 'unavailable', code: 'text_replaced'},
  );
