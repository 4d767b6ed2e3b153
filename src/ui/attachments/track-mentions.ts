import {parseSlashLine} from '../slash-commands/parse.js';
import {textOf} from '../prompt/prompt-state.js';
import type {ChatStore} from '../state/store.js';
import {set} from '../state/transitions.js';
import {lookUpMentions} from './attachment.js';

/** Keeps the list of files that the draft names as `@path`, so that they are shown before they are sent. */
export function trackMentions(store: ChatStore): void {
  let seen = '';
  store.subscribe(() => {
    const {prompt, mentioned} = store.getSnapshot();
    if (prompt.draft.text === seen) return;
    seen = prompt.draft.text;
    const message = textOf(prompt);
    const files = message.isShellCommand || parseSlashLine(message.text) ? [] : lookUpMentions(message).files;
    if (files.length + mentioned.length > 0) store.apply(set({mentioned: files}));
  });
}
