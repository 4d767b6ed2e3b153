import type {Chat} from '../../core/model.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {emptyPrompt, setDraft, takeDraft} from '../prompt/prompt-state.js';
import type {ChatState} from './chat-state.js';

/** A change of the state: pure, from one state to the next. */
export type Transition = (state: ChatState) => ChatState;

/** Sets fields of the state. */
export const set =
  (fields: Partial<ChatState>): Transition =>
  (state) => ({...state, ...fields});

/** Shows a line above the prompt, until the next message. */
export const showNotice = (text: string): Transition => set({notice: sanitizeLine(text)});

/** Continues a chat. @param lastReply its last reply, for /copy */
export const openChat = (chat: Chat, lastReply: string): Transition => set({chat, lastReply, suggestions: []});

/** The next message starts a new chat. */
export const leaveChat: Transition = (state) => ({
  ...state,
  chat: undefined,
  lastReply: '',
  suggestions: [],
  points: {...state.points, lastCost: null},
});

/** Starts to work on a message or command. */
export const startWork: Transition = set({activity: 'running'});

export const requestStop: Transition = (state) =>
  state.activity === 'running' ? {...state, activity: 'stopping'} : state;

export const endWork: Transition = set({activity: 'idle'});

export const queueMessage =
  (text: string): Transition =>
  (state) => ({...state, queue: [...state.queue, text]});

/** Removes the message that was queued first. */
export const dequeue: Transition = (state) => ({...state, queue: state.queue.slice(1)});

/** Moves the message that was queued last back to the prompt. */
export const takeBackQueued: Transition = (state) => {
  const text = state.queue.at(-1);
  return text === undefined ? state : {...replaceDraft(text)(state), queue: state.queue.slice(0, -1)};
};

export const attachFile =
  (path: string): Transition =>
  (state) => ({...state, files: [...state.files, path]});

/** Replaces the text in the prompt. */
export const replaceDraft =
  (text: string): Transition =>
  (state) => ({...state, prompt: setDraft(state.prompt, text)});

/** Clears the prompt and keeps its text in the history. */
export const clearDraft: Transition = (state) => {
  const {prompt, history} = takeDraft(state.prompt, state.history);
  return {...state, prompt, history};
};

export const askQuestion = (text: string): Transition =>
  set({question: {text: sanitizeLine(text), prompt: emptyPrompt([])}});
