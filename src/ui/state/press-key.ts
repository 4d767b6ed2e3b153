import {press, type PromptAction} from '../prompt/key-bindings.js';
import type {Key} from '../prompt/keys.js';
import {textOf} from '../prompt/prompt-state.js';
import {isBlank, type PromptText} from '../prompt/prompt-text.js';
import type {ChatState} from './chat-state.js';
import {restoreDraft, setDraftAside} from './draft-aside.js';
import {useOffer} from './offers.js';
import {followDraft, openMenuAtCaret, pressInMenu} from './press-in-menu.js';
import {pressInPicker} from './press-in-picker.js';
import {afterKey, pressVi} from './press-vi.js';
import {clearDraft, removeLastAttachment, takeBackQueued} from './transitions.js';

/** What a key asks for besides changing the state. */
export type ChatAction =
  | {type: 'submit'; message: PromptText}
  /** Without an answer the question is dismissed. */
  | {type: 'answer'; text?: string}
  /** Without a value the picker is closed. */
  | {type: 'pick'; value: string | undefined}
  | {type: SimpleAction};

export type SimpleAction =
  | 'sendQueued'
  | 'cancel'
  | 'leave'
  | 'edit'
  | 'complete'
  | 'searchHistory'
  | 'suspend'
  | 'attachPaste'
  | 'expand'
  | 'clearScreen'
  | 'editQuestion';

interface Pressed {
  state: ChatState;
  action?: ChatAction;
}

/** Applies a key: to the question, the picker or the menu if there is one, otherwise to the prompt. */
export function pressKey(before: ChatState, key: Key): Pressed {
  const pressed = applyKey(setDraftAside(before, key), key);
  return {...pressed, state: restoreDraft(pressed.state)};
}

function applyKey(state: ChatState, key: Key): Pressed {
  if (state.question) return answer(state, state.question, key);
  if (state.picker) return pick(state, state.picker, key);
  const chosen = pressInMenu(state, key);
  if (chosen) return chosen.submits ? actions.submit(chosen.state) : {state: chosen.state};
  const used = useOffer(state, key);
  if (used) return {state: {...used.state, menu: undefined}, ...(used.action && {action: {type: used.action}})};
  const edited = pressVi(state, key);
  if (edited) {
    const next = {...edited, isEscaped: false};
    return {state: followDraft(next, {isTyping: key.type === 'text' && next.vi?.mode === 'insert'})};
  }
  const {prompt, action} = press(state.prompt, key, state.history);
  const pressed = {
    ...state,
    prompt,
    isLeaving: action === 'interrupt' && state.isLeaving,
    isEscaped: action === 'escape' && state.isEscaped,
  };
  const next: Pressed = action ? actions[action](pressed) : {state: pressed};
  // A recalled line opens no menu, so that Up goes on to the line before.
  const isRecalled = next.state.prompt.at !== state.prompt.at;
  const followed = isRecalled
    ? {...next.state, menu: undefined}
    : followDraft(next.state, {isTyping: key.type === 'text'});
  return {...next, state: afterKey(followed, {isSubmitted: next.action?.type === 'submit'})};
}

function pick(state: ChatState, picker: NonNullable<ChatState['picker']>, key: Key): Pressed {
  if (key.type === 'key' && key.ctrl && key.name === 'z') return {state, action: {type: 'suspend'}};
  const {picker: next, picked} = pressInPicker(picker, key);
  return {state: {...state, picker: next}, ...(picked ? {action: {type: 'pick', value: picked.value}} : {})};
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
  escape,
  interrupt(state) {
    if (state.activity === 'running') return {state, action: {type: 'cancel'}};
    const cleared = {...clearDraft(state), isLeaving: true, edited: undefined};
    return state.isLeaving ? {state: cleared, action: {type: 'leave'}} : {state: cleared};
  },
  removeAttachment: (state) => ({state: removeLastAttachment(state)}),
  leave: (state) => ({state, action: {type: 'leave'}}),
  edit: (state) => ({state, action: {type: 'edit'}}),
  suspend: (state) => ({state, action: {type: 'suspend'}}),
  expand: (state) => ({state, action: {type: 'expand'}}),
  clearScreen: (state) => ({state, action: {type: 'clearScreen'}}),
  complete: (state) => (state.hasMenus ? {state: openMenuAtCaret(state)} : {state, action: {type: 'complete'}}),
  searchHistory: (state) => ({state, action: {type: 'searchHistory'}}),
};

/**
 * Takes back a queued message, drops a command that was typed before a draft, ends editing an earlier question, or stops the
 * reply. Twice on an empty line, it edits an earlier question.
 */
function escape(state: ChatState): Pressed {
  const {queue, aside, edited, activity, chat, prompt, isEscaped} = state;
  if (queue.length > 0) return {state: takeBackQueued(state)};
  if (aside) return {state: clearDraft(state)};
  if (edited) return {state: {...clearDraft(state), edited: undefined, notice: ''}};
  const canEdit = activity === 'idle' && chat !== undefined && prompt.draft.text === '';
  if (!canEdit) return {state, action: {type: 'cancel'}};
  const asked = {...state, isEscaped: !isEscaped};
  return isEscaped ? {state: asked, action: {type: 'editQuestion'}} : {state: asked};
}
