import {plain} from '../../prompt/prompt-text.js';
import {setText} from '../../prompt/prompt-state.js';
import {showNotice} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';
import {setSystem} from './system.js';

/**
 * Puts the message of a template into the prompt, where it can be changed before it is sent. Variables without a value are asked
 * for. @param words the template, its arguments and variables  @throws PoeError
 */
export async function useTemplate(session: ChatSession, words: readonly string[]): Promise<void> {
  const {deps, store} = session;
  const found = await deps.fromTemplate(words, (question) => session.ask(question));
  if (!found) return;
  const {message, system, bot} = found;
  store.apply((state) => ({...state, prompt: setText(state.prompt, plain(message))}));
  const current = store.getSnapshot().bot?.handle;
  const isOther = bot !== undefined && bot.toLowerCase() !== current?.toLowerCase();
  if (system !== undefined) await setSystem(session, system);
  else store.apply(showNotice(isOther ? `This template is for ${bot}. To switch: /bot ${bot}` : 'Enter sends it.'));
}
