import type {Conversation} from '../conversation/conversation.js';
import type {Notifier} from '../notifier.js';
import {KeyReader} from '../prompt/key-reader.js';
import type {Key} from '../prompt/keys.js';
import {asWord} from '../attachments/mention.js';
import {droppedFiles} from '../attachments/dropped-files.js';
import type {PickOptions} from '../menu/picker-state.js';
import {seeMenu} from '../state/press-in-menu.js';
import {openPicker} from '../state/press-in-picker.js';
import {type ChatAction, pressKey, type SimpleAction} from '../state/press-key.js';
import type {ChatStore} from '../state/store.js';
import {askQuestion, set, showNotice} from '../state/transitions.js';

interface InputEffects {
  store: ChatStore;
  conversation: Conversation;
  notifier: Notifier;
  /** Receives what the terminal answers to queries. */
  onAnswer: (answer: string) => void;
  complete(): Promise<void>;
  searchHistory(): Promise<void>;
  edit(): Promise<void>;
  suspend(): Promise<void>;
  attachPaste(): void;
  clearScreen(): void;
  leave(): void;
}

/** Turns what the terminal sends into changes of the state and into effects. */
export class Input {
  readonly #store: ChatStore;
  readonly #notifier: Notifier;
  readonly #conversation: Conversation;
  readonly #effects: Record<SimpleAction, () => void>;
  readonly #keys: KeyReader;
  #timer: NodeJS.Timeout | undefined;
  #graceTick: NodeJS.Immediate | undefined;
  readonly #waiting: Key[] = [];
  #isPaused = false;
  #answer: ((text: string | undefined) => void) | undefined;
  #pick: ((value: string | undefined) => void) | undefined;

  constructor(effects: InputEffects) {
    const {store, conversation, notifier, onAnswer} = effects;
    const {complete, searchHistory, edit, suspend, attachPaste, clearScreen, leave} = effects;
    this.#store = store;
    this.#keys = new KeyReader(onAnswer);
    this.#notifier = notifier;
    this.#conversation = conversation;
    // These run on their own and print their errors.
    this.#effects = {
      sendQueued: () => void conversation.sendQueued(),
      cancel: () => conversation.cancel(),
      complete: () => void complete(),
      searchHistory: () => void searchHistory(),
      edit: () => void edit(),
      expand: () => conversation.toggleReasoning(),
      suspend: () => void suspend(),
      attachPaste,
      clearScreen,
      editQuestion: () => void conversation.editQuestion(),
      leave,
    };
  }

  /** Reads what the terminal sends. */
  readonly read = (chunk: string): void => {
    clearTimeout(this.#timer);
    clearImmediate(this.#graceTick);
    this.#store.apply(seeMenu);
    this.#enqueue(this.#keys.read(chunk));
    const {patience} = this.#keys;
    if (patience !== undefined) this.#timer = setTimeout(this.#flushAfterPendingInput, patience).unref();
  };

  /** After a busy time, timers fire before the input that has arrived is read. */
  readonly #flushAfterPendingInput = (): void => {
    this.#graceTick = setImmediate(this.#flush);
  };

  /** The rest of a sequence has not arrived. */
  readonly #flush = (): void => {
    this.#store.apply(seeMenu);
    this.#enqueue(this.#keys.flush());
  };

  #enqueue(keys: readonly Key[]): void {
    this.#waiting.push(...keys);
    if (!this.#isPaused) this.#pressAll();
  }

  /** Asks a question above the prompt. The draft waits. @returns undefined if the question is dismissed */
  ask(question: string): Promise<string | undefined> {
    this.answer(undefined);
    this.#store.apply(askQuestion(question));
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Answers the question, if there is one. */
  answer(text: string | undefined): void {
    this.#store.apply(set({question: undefined}));
    this.#answer?.(text);
    this.#answer = undefined;
  }

  /** Has the user choose from a list. The draft waits. @returns undefined if the list is closed */
  pick(options: PickOptions): Promise<string | undefined> {
    this.picked(undefined);
    this.#store.apply(openPicker(options));
    return new Promise((resolve) => (this.#pick = resolve));
  }

  /** Closes the picker, if there is one. */
  picked(value: string | undefined): void {
    this.#store.apply(set({picker: undefined}));
    this.#pick?.(value);
    this.#pick = undefined;
  }

  /** Handles keys. After an answer or a choice, what waited for it runs first: the keys that follow may be meant for that. */
  readonly #pressAll = (): void => {
    this.#isPaused = false;
    while (!this.#isPaused) {
      const key = this.#waiting.shift();
      if (!key) return;
      this.#press(key);
    }
    setImmediate(this.#pressAll);
  };

  #press(key: Key): void {
    if (key.type === 'key' && (key.name === 'focusIn' || key.name === 'focusOut'))
      return this.#notifier.setFocus(key.name === 'focusIn');
    const pressed = this.#replaceDropped(key);
    const {state, action} = pressKey(this.#store.getSnapshot(), pressed);
    this.#store.apply(() => state);
    if (action) this.#run(action);
  }

  #run(action: ChatAction): void {
    if (action.type === 'answer' || action.type === 'pick') this.#isPaused = true;
    // It prints its own errors.
    if (action.type === 'submit') void this.#conversation.submit(action.message);
    else if (action.type === 'answer') this.answer(action.text);
    else if (action.type === 'pick') this.picked(action.value);
    else this.#effects[action.type]();
  }

  /** Terminals insert the paths of files that are dropped on them. They become `@path`. */
  #replaceDropped(key: Key): Key {
    const {question, picker, prompt} = this.#store.getSnapshot();
    const mayBeDropped = key.type === 'paste' || (key.type === 'text' && key.text.length > 1);
    if (!mayBeDropped || question || picker || prompt.draft.text.startsWith('/')) return key;
    const files = droppedFiles(key.text);
    if (!files) return key;
    const isOne = files.length === 1;
    const which = isOne ? files[0] : `${files.length} files`;
    this.#store.apply(
      showNotice(`${which} will be attached. Delete the @ to send the path${isOne ? '' : 's'} as text.`),
    );
    const {text, caret} = prompt.draft;
    const before = /\S/.test(text[caret - 1] ?? ' ') ? ' ' : '';
    return {type: 'text', text: before + files.map((file) => `@${asWord(file)} `).join('')};
  }
}
