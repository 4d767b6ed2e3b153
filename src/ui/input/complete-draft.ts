import {completePath} from '../attachments/complete-path.js';
import type {ChatDeps} from '../chat-deps.js';
import {change} from '../prompt/prompt-state.js';
import {validCommands} from '../slash-commands/chat-commands.js';
import {commonPrefix, completions} from '../slash-commands/complete.js';
import type {ChatStore} from '../state/store.js';
import {showNotice} from '../state/transitions.js';

/** Completes the word before the caret. If there are several completions, it lists them. */
export async function completeDraft(store: ChatStore, deps: Pick<ChatDeps, 'known' | 'commands'>): Promise<void> {
  const known = await deps.known();
  const {prompt, chat, lastReply} = store.getSnapshot();
  const {text, caret} = prompt.draft;
  const commands = validCommands(deps.commands(), {hasChat: chat !== undefined, hasReply: lastReply !== ''});
  const {start, words} = completions(text.slice(0, caret), commands, (kind, from) =>
    kind === 'files'
      ? completePath(from)
      : known[kind].filter((word) => word.toLowerCase().startsWith(from.toLowerCase())),
  );
  if (words.length === 0) return;
  const sorted = words.toSorted();
  const before = text.slice(0, start) + commonPrefix(sorted);
  const draft = {text: before + text.slice(caret), caret: before.length};
  store.apply((state) => ({...state, prompt: change(state.prompt, draft)}));
  store.apply(showNotice(words.length > 1 ? sorted.map(shown).join('  ') : ''));
}

/** A completion in the list: a path without its `@`. */
const shown = (word: string): string => word.trim().replace(/^\p{Surrogate}/u, '');
