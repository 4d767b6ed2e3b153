import type {Conversation} from '../conversation/conversation.js';
import type {Notifier} from '../notifier.js';
import {type Key, KeyReader} from '../prompt/keys.js';
import {asWord, draggedFile} from '../prompt/paths.js';
import {type ChatAction, type ChatActionType, pressKey} from '../state/press-key.js';
import type {ChatStore} from '../state/store.js';
import {askQuestion, set, showNotice} from '../state/transitions.js';

interface InputEffects {
  store: ChatStore;
  conversation: Conversation;
  notifier: Notifier;
  complete(): Promise<void>;
  edit(): Promise<void>;
  leave(): void;
}

/** Turns what the terminal sends into changes of the state and into effects. */
export class Input {
  readonly #store: ChatStore;
  readonly #notifier: Notifier;
  readonly #effects: Record<ChatActionType, (text?: string) => void>;
  readonly #keys = new KeyReader();
  #answer: ((text: string | undefined) => void) | undefined;

  constructor({store, conversation, notifier, complete, edit, leave}: InputEffects) {
    this.#store = store;
    this.#notifier = notifier;
    // These run on their own and print their errors.
    this.#effects = {
      submit: (text = '') => void conversation.submit(text),
      cancel: () => conversation.cancel(),
      answer: (text) => this.answer(text),
      complete: () => void complete(),
      edit: () => void edit(),
      leave,
    };
  }

  /** Reads what the terminal sends. */
  readonly read = (chunk: string): void => {
    for (const key of this.#keys.read(chunk)) this.#press(key);
  };

  /** Asks a question above the prompt. The draft waits. @returns undefined if the question is dismissed */
  ask(question: string): Promise<string | undefined> {
    this.#store.apply(askQuestion(question));
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Answers the question, if there is one. */
  answer(text: string | undefined): void {
    this.#store.apply(set({question: undefined}));
    this.#answer?.(text);
    this.#answer = undefined;
  }

  #press(key: Key): void {
    if (key.type === 'key' && (key.name === 'focusIn' || key.name === 'focusOut'))
      return this.#notifier.setFocus(key.name === 'focusIn');
    const draggedOrKey = this.#replaceDragged(key);
    const {state, action} = pressKey(this.#store.getSnapshot(), draggedOrKey);
    this.#store.apply(() => state);
    if (action) this.#run(action);
  }

  #run({type, text}: ChatAction): void {
    this.#effects[type](text);
  }

  /** Terminals paste the path of a file that is dragged onto them. It becomes `@path`. */
  #replaceDragged(key: Key): Key {
    const {question, prompt} = this.#store.getSnapshot();
    if (key.type !== 'paste' || question || prompt.search !== undefined) return key;
    const file = draggedFile(key.text);
    if (file === undefined) return key;
    this.#store.apply(showNotice(`${file} will be attached. Delete the @ to send the path as text.`));
    return {type: 'text', text: `@${asWord(file)} `};
  }
}
