import type {ChatDeps} from '../chat-deps.js';
import {editExternally} from '../prompt/external-editor.js';
import {withPlainLines} from '../prompt/key-bindings.js';
import {textOf} from '../prompt/prompt-state.js';
import type {ChatStore} from '../state/store.js';
import {replaceDraft} from '../state/transitions.js';

/**
 * Opens the draft in the user's editor.
 * @param lend gives the terminal to the work
 * @throws PoeError, or an error of the system
 */
export async function editDraft(
  store: ChatStore,
  {env}: Pick<ChatDeps, 'env'>,
  lend: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const text = await editExternally(textOf(store.getSnapshot().prompt), env, lend);
  store.apply(replaceDraft(withPlainLines(text).replace(/\n$/, '')));
}
