import type {Key} from '../prompt/keys.js';
import {emptyPrompt, setText, textOf} from '../prompt/prompt-state.js';
import {isBlank} from '../prompt/prompt-text.js';
import type {ChatState} from './chat-state.js';
import type {Transition} from './transitions.js';

/* A draft waits while a command is typed: `/` before a draft starts one, and the draft returns when the line is empty again. */

/** Puts the draft aside if a key starts a command before it. */
export function setDraftAside(state: ChatState, key: Key): ChatState {
  const {prompt, history, question, picker, aside, vi} = state;
  const startsCommand = key.type === 'text' && key.text.startsWith('/') && prompt.draft.caret === 0;
  const text = textOf(prompt);
  const isDraft = !isBlank(text) && !text.text.startsWith('/');
  if (!startsCommand || !isDraft || question || picker || aside || vi?.mode === 'normal') return state;
  const {pastes, killed} = prompt;
  return {...state, aside: text, prompt: {...emptyPrompt(history), pastes, killed}};
}

/** Returns the draft to an empty line. */
export const restoreDraft: Transition = (state) => {
  const {aside, prompt, history} = state;
  if (aside === undefined || prompt.draft.text !== '') return state;
  const {pastes, killed} = prompt;
  return {...state, aside: undefined, prompt: setText({...emptyPrompt(history), pastes, killed}, aside)};
};
