import type {Reply} from '../../core/reply.js';
import {sanitize} from '../../output/terminal/sanitize.js';
import {draggedFile, namedFiles} from '../prompt/paths.js';
import {replaceDraft, set} from '../state/transitions.js';
import {attach} from './attach.js';
import type {ChatSession} from './chat-session.js';
import {openStart, type Start} from './open-chat.js';
import {shortened} from './reply-notes.js';

interface SendOptions {
  start: Start;
  signal: AbortSignal;
}

/**
 * Prints a message and sends it with its files. If it is not accepted, it returns to the prompt.
 * @returns undefined if the text was only a file to attach
 * @throws PoeError
 */
export async function sendMessage(
  session: ChatSession,
  text: string,
  {start, signal}: SendOptions,
): Promise<Reply | undefined> {
  const {deps, store, paint} = session;
  const onlyPath = draggedFile(text);
  if (onlyPath !== undefined) {
    attach(session, onlyPath);
    return undefined;
  }
  const files = [...store.getSnapshot().files, ...namedFiles(text)];
  try {
    // The message must not go to another bot than the named one. If its look-up failed at the start, it is repeated.
    if (!store.getSnapshot().bot) await openStart(session, start);
    store.print(`${paint.bold(`> ${shortened(sanitize(text))}`)}\n\n`);
    const {bot, chat} = store.getSnapshot();
    const reply = await deps.send(text, {bot: bot?.handle, chat, files, signal});
    store.apply(set({files: []}));
    return reply;
  } catch (error) {
    store.apply(replaceDraft(text));
    throw error;
  }
}
