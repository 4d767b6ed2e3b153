import {pathsAt} from '../attachments/mention.js';
import type {ChatDeps} from '../chat-deps.js';
import {editExternally} from '../prompt/external-editor.js';
import {withPlainLines} from '../prompt/key-bindings.js';
import {setText, textOf} from '../prompt/prompt-state.js';
import type {PromptText, Range} from '../prompt/prompt-text.js';
import type {ChatStore} from '../state/store.js';
import {showProblem} from '../state/transitions.js';

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
  const before = textOf(store.getSnapshot().prompt);
  const result = await editExternally(before.text, env, lend);
  if ('failure' in result) return store.apply(showProblem(result.failure));
  const edited = withPlainLines(result.text).replace(/\n$/, '');
  store.apply((state) => ({
    ...state,
    prompt: setText(state.prompt, edited === before.text ? before : carryOver(before, edited)),
  }));
}

/**
 * Finds the mentioned files and the pasted parts of a text in its edited form. An `@path` that was not typed in the prompt
 * attaches nothing: the editor does not tell whether it was pasted.
 */
export function carryOver(before: PromptText, edited: string): PromptText {
  const typed = new Set(before.mentions.map((at) => pathAt(before.text, at)));
  const others = [...before.text.matchAll(/@/g)].filter(({index}) => !before.mentions.includes(index));
  for (const {index} of others) typed.delete(pathAt(before.text, index));
  typed.delete('');
  const folds = before.folds.flatMap(([start, end]): Range[] => {
    const at = edited.indexOf(before.text.slice(start, end));
    return at === -1 ? [] : [[at, at + end - start]];
  });
  const isFolded = (at: number) => folds.some(([start, end]) => start <= at && at < end);
  const mentions = [...edited.matchAll(/@/g)]
    .map(({index}) => index)
    .filter((at) => !isFolded(at) && typed.has(pathAt(edited, at)));
  return {text: edited, mentions, folds};
}

/** The path after an `@`, without punctuation at its end. */
const pathAt = (text: string, at: number): string => pathsAt(text, at + 1).at(-1) ?? '';
