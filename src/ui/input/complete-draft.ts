import type {ChatDeps} from '../chat-deps.js';
import {pathsFrom} from '../prompt/paths.js';
import {validCommands} from '../slash-commands/chat-commands.js';
import {commonPrefix, completions} from '../slash-commands/complete.js';
import type {ChatStore} from '../state/store.js';
import {replaceDraft, showNotice} from '../state/transitions.js';

/** Completes the last word of the draft. If there are several completions, it lists them. */
export async function completeDraft(store: ChatStore, deps: Pick<ChatDeps, 'known' | 'commands'>): Promise<void> {
  const known = await deps.known();
  const {prompt, chat, lastReply} = store.getSnapshot();
  const commands = validCommands(deps.commands(), {hasChat: chat !== undefined, hasReply: lastReply !== ''});
  const found = completions(prompt.draft.text, commands, (kind, start) =>
    kind === 'files'
      ? pathsFrom(start)
      : known[kind].filter((word) => word.toLowerCase().startsWith(start.toLowerCase())),
  ).toSorted();
  if (found.length === 0) return;
  store.apply(replaceDraft(commonPrefix(found)));
  const lastWords = found.map((each) => each.trim().split(' ').at(-1));
  store.apply(showNotice(found.length > 1 ? lastWords.join('  ') : ''));
}
