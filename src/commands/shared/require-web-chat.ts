import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';
import type {ChatRef} from '../../core/chat-ref.js';
import type {WebClient} from '../../core/web/client.js';

/**
 * Poe with a browser's session, for what can be done with chats that are there.
 * @param what needs such a chat
 * @param instead what can be done with one on this machine
 * @throws PoeError `not_logged_in` for a chat on this machine, and without a session
 */
export async function requireWebChat(
  context: Context,
  chat: ChatRef | Chat,
  what: string,
  instead?: string,
): Promise<WebClient> {
  if (!(await context.isLocal(chat))) return context.web();
  throw new PoeError('not_logged_in', `${what} needs a chat on Poe, and this one is on this machine only`, {
    hint: `${instead === undefined ? '' : `${instead} `}Chats on Poe need the session of a browser: poe login, then poe send --via web.`,
  });
}
