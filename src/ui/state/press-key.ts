import {press, type PromptAction} from '../prompt/key-bindings.js';
import type {Key} from '../prompt/keys.js';
import {textOf} from '../prompt/prompt-state.js';
import {isBlank, type PromptText} from '../prompt/prompt-text.js';
import type {ChatState} from './chat-state.js';
import {useOffer} from './offers.js';
import {afterKey, pressVi} from './press-vi.js';
import {clearDraft, removeLastAttachment, takeBackQueued} from './transitions.js';

/** What a key asks for besides changing the state. */
export type ChatAction =
  | {type: 'submit'; message: PromptText}
  /** Without an answer the question is dismissed. */
  | {type: 'answer'; text?: string}
  | {type: SimpleAction};

export type SimpleAction = 'sendQueued' | 'cancel' | 'leave' | 'edit' | 'complete' | 'suspend' | 'attachPaste';

interface Pressed {
  state: ChatState;
  action?: ChatAction;
}

/** Applies a key: to the question if there is one, otherwise to the prompt. */
export function pressKey(state: ChatState, key: Key): Pressed {
  if (state.question) return answer(state, state.question, key);
  const used = useOffer(state, key);
  if (used) return {state: used.state, ...(used.action && {action: {type: used.action}})};
  const edited = pressVi(state, key);
  if (edited) return {state: edited};
  const {prompt, action} = press(state.prompt, key, state.history);
  const pressed = {...state, prompt, isLeaving: action === 'interrupt' && state.isLeaving};
  const next: Pressed = action ? actions[action](pressed) : {state: pressed};
  return {...next, state: afterKey(next.state, {isSubmitted: next.action?.type === 'submit'})};
}

function answer(state: ChatState, question: NonNullable<ChatState['question']>, key: Key): Pressed {
  const {prompt, action} = press(question.prompt, key, []);
  if (action === 'suspend') return {state, action: {type: 'suspend'}};
  if (action === 'submit') return {state, action: {type: 'answer', text: textOf(prompt).text}};
  if (action === 'escape' || action === 'interrupt' || action === 'leave') return {state, action: {type: 'answer'}};
  return {state: {...state, question: {...question, prompt}}};
}

const actions: Record<PromptAction, (state: ChatState) => Pressed> = {
  submit(state) {
    const message = textOf(state.prompt);
    if (!isBlank(message)) return {state: clearDraft(state), action: {type: 'submit', message}};
    return state.queue.length > 0 && state.activity === 'idle' ? {state, action: {type: 'sendQueued'}} : {state};
  },
  escape: (state) => (state.queue.length > 0 ? {state: takeBackQueued(state)} : {state, action: {type: 'cancel'}}),
  interrupt(state) {
    if (state.activity === 'running') return {state, action: {type: 'cancel'}};
    const cleared = {...clearDraft(state), isLeaving: true};
    return state.isLeaving ? {state: cleared, action: {type: 'leave'}} : {state: cleared};
  },
  removeAttachment: (state) => ({state: removeLastAttachment(state)}),
  leave: (state) => ({state, action: {type: 'leave'}}),
  edit: (state) => ({state, action: {type: 'edit'}}),
  suspend: (state) => ({state, action: {type: 'suspend'}}),
  complete: (state) => ({state, action: {type: 'complete'}}),
};
