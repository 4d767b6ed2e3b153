import type {Chat} from '../../core/model.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {Attachment} from '../attachments/attachment.js';
import {clear, emptyPrompt, setText, textOf} from '../prompt/prompt-state.js';
import {isBlank, join, plain, type PromptText} from '../prompt/prompt-text.js';
import type {ChatState} from './chat-state.js';

/** A change of the state: pure, from one state to the next. */
export type Transition = (state: ChatState) => ChatState;

/** Sets fields of the state. */
export const set =
  (fields: Partial<ChatState>): Transition =>
  (state) => ({...state, ...fields});

/** Shows a line above the prompt, until the next message. */
export const showNotice = (text: string): Transition => set({notice: sanitizeLine(text), isProblem: false});

/** Shows in the same way what went wrong. */
export const showProblem = (text: string): Transition => set({notice: sanitizeLine(text), isProblem: true});

/** Continues a chat. @param lastReply its last reply, for /copy */
export const openChat = (chat: Chat, lastReply: string): Transition =>
  set({chat, lastReply, isTemporary: false, suggestions: [], parameters: {}, edited: undefined});

/** The next message starts a new chat. */
export const leaveChat: Transition = (state) => ({
  ...state,
  chat: undefined,
  isTemporary: state.startsTemporary,
  parameters: {},
  edited: undefined,
  lastReply: '',
  suggestions: [],
  points: {...state.points, lastCost: null, cachedTokens: null},
});

/** Starts to work on a message or command. */
export const startWork: Transition = set({activity: 'running'});

export const requestStop: Transition = (state) =>
  state.activity === 'running' ? {...state, activity: 'stopping'} : state;

export const endWork: Transition = set({activity: 'idle'});

export const queueMessage =
  (message: PromptText): Transition =>
  (state) => ({...state, queue: [...state.queue, message]});

/** Removes the message that was queued first. */
export const dequeue: Transition = (state) => ({...state, queue: state.queue.slice(1)});

/** Moves the message that was queued last back to the prompt, above the draft. */
export const takeBackQueued: Transition = (state) => {
  const message = state.queue.at(-1);
  if (!message) return state;
  const draft = textOf(state.prompt);
  const text = isBlank(draft) ? message : join(message, draft);
  return {...state, prompt: setText(state.prompt, text), queue: state.queue.slice(0, -1)};
};

export const attachFile =
  (attachment: Attachment): Transition =>
  (state) => ({...state, files: [...state.files, attachment]});

/** Removes the attachment that is shown last. The path of a mentioned file stays in the draft as text. */
export const removeLastAttachment: Transition = (state) => {
  const mentioned = state.mentioned.at(-1);
  if (!mentioned) return {...state, files: state.files.slice(0, -1)};
  const text = textOf(state.prompt);
  const mentions = text.mentions.filter((_at, index) => index !== mentioned.index);
  const {caret} = state.prompt.draft;
  const prompt = setText(state.prompt, {...text, mentions});
  return {...state, prompt: {...prompt, draft: {...prompt.draft, caret}}};
};

/** Puts a message that was not sent back into the prompt. If there is a draft, the message is only in the history. */
export const returnMessage =
  (message: PromptText): Transition =>
  (state) =>
    isBlank(textOf(state.prompt))
      ? {...state, prompt: setText(state.prompt, message)}
      : {...state, notice: 'The message was not sent. It is in the history: press Up.'};

/** Clears the prompt. Its text stays in the history. */
export const clearDraft: Transition = (state) => {
  const {prompt, history} = clear(state.prompt, state.history);
  return {...state, prompt, history};
};

/** Replaces the text in the prompt. The old one stays in the history. */
export const replaceDraft =
  (text: string): Transition =>
  (state) => {
    const cleared = clearDraft(state);
    return {...cleared, prompt: setText(cleared.prompt, plain(text))};
  };

export const askQuestion = (text: string): Transition =>
  set({question: {text: sanitizeLine(text), prompt: emptyPrompt([])}});
