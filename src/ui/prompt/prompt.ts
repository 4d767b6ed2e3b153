import {byLine, type Draft, draftOf, emptyDraft, erase, go, insert, Pastes} from './editor.js';
import type {PromptHistory} from './history.js';
import type {Key} from './keys.js';

/** What a key asks for besides changing the draft. */
export type PromptAction = 'submit' | 'escape' | 'interrupt' | 'leave' | 'edit' | 'complete';

/** The line that is being written, and how keys change it. */
export class Prompt {
  draft: Draft = emptyDraft;
  /** What is looked for among earlier lines. */
  search: string | undefined;
  readonly #pastes = new Pastes();
  readonly #history: PromptHistory;
  #at: number;
  /** What was being written before the first step back. */
  #unsent = '';

  constructor(history: PromptHistory) {
    this.#history = history;
    this.#at = history.lines.length;
  }

  /** The draft as it is to be sent. */
  get text(): string {
    return this.#pastes.whole(this.draft.text);
  }

  /** The draft as it is to be shown. */
  get shown(): Draft {
    const {text, caret} = this.draft;
    const before = this.#pastes.shown(text.slice(0, caret));
    return {text: before + this.#pastes.shown(text.slice(caret)), caret: before.length};
  }

  set(text: string): void {
    this.draft = draftOf(text);
  }

  /** Empties the line. What stood there is found by Up. */
  take(): string {
    const {text} = this;
    this.#history.add(text);
    this.#at = this.#history.lines.length;
    this.draft = emptyDraft;
    return text;
  }

  press(key: Key): PromptAction | undefined {
    if (key.type === 'paste') this.#paste(withPlainLines(key.text));
    else if (key.type === 'text') return this.#type(withPlainLines(key.text));
    else return this.#command(key);
    return undefined;
  }

  #paste(text: string): void {
    if (this.search === undefined) this.draft = insert(this.draft, this.#pastes.take(text));
    else this.#type(text.split('\n').find((line) => line.trim() !== '') ?? '');
  }

  #type(text: string): undefined {
    if (this.search === undefined) this.draft = insert(this.draft, text);
    else this.#seek(this.search + text, this.#history.lines.length);
  }

  #command({name, ctrl, alt, shift}: Key & {type: 'key'}): PromptAction | undefined {
    if (this.search !== undefined) {
      if (name === 'backspace') this.#seek(this.search.slice(0, -1), this.#history.lines.length);
      else if (name === 'r' && ctrl) this.#seek(this.search, this.#at);
      else this.search = undefined;
      if (['backspace', 'r', 'escape', 'enter'].includes(name)) return undefined;
    }
    switch (name) {
      case 'enter':
        return this.#enter(ctrl || alt || shift);
      case 'escape':
        return 'escape';
      case 'tab':
        return 'complete';
      case 'up':
      case 'down':
        return this.#step(name === 'up' ? -1 : 1);
      case 'left':
      case 'right':
        this.draft = go(this.draft, ctrl || alt ? (name === 'left' ? 'wordLeft' : 'wordRight') : name);
        return undefined;
      case 'home':
      case 'end':
        this.draft = go(this.draft, name === 'home' ? 'lineStart' : 'lineEnd');
        return undefined;
      case 'backspace':
        this.draft = erase(this.draft, alt ? 'wordLeft' : 'left');
        return undefined;
      case 'delete':
        this.draft = erase(this.draft, 'right');
        return undefined;
      default:
        return ctrl ? this.#control(name) : alt ? this.#word(name) : undefined;
    }
  }

  #control(name: string): PromptAction | undefined {
    switch (name) {
      case 'c':
        return 'interrupt';
      case 'g':
        return 'edit';
      case 'd':
        if (this.draft.text === '') return 'leave';
        this.draft = erase(this.draft, 'right');
        return undefined;
      case 'j':
        this.draft = insert(this.draft, '\n');
        return undefined;
      case 'r':
        this.search = '';
        this.#at = this.#history.lines.length;
        return undefined;
      case 'p':
      case 'n':
        return this.#step(name === 'p' ? -1 : 1);
      case 'a':
      case 'e':
        this.draft = go(this.draft, name === 'a' ? 'lineStart' : 'lineEnd');
        return undefined;
      case 'b':
      case 'f':
        this.draft = go(this.draft, name === 'b' ? 'left' : 'right');
        return undefined;
      case 'u':
      case 'k':
        this.draft = erase(this.draft, name === 'u' ? 'lineStart' : 'lineEnd');
        return undefined;
      case 'w':
        this.draft = erase(this.draft, 'wordLeft');
        return undefined;
    }
    return undefined;
  }

  #word(name: string): undefined {
    if (name === 'b' || name === 'f') this.draft = go(this.draft, name === 'b' ? 'wordLeft' : 'wordRight');
    if (name === 'd') this.draft = erase(this.draft, 'wordRight');
  }

  #enter(isModified: boolean): PromptAction | undefined {
    const {text, caret} = this.draft;
    if (!isModified && text[caret - 1] !== '\\') return 'submit';
    this.draft = insert(isModified ? this.draft : erase(this.draft, 'left'), '\n');
    return undefined;
  }

  #step(by: -1 | 1): undefined {
    const moved = byLine(this.draft, by);
    if (moved) {
      this.draft = moved;
      return;
    }
    const {lines} = this.#history;
    const at = this.#at + by;
    if (at < 0 || at > lines.length) return;
    if (this.#at === lines.length) this.#unsent = this.draft.text;
    this.#at = at;
    this.set(lines[at] ?? this.#unsent);
  }

  #seek(text: string, before: number): void {
    this.search = text;
    const found = this.#history.find(text, before);
    if (found === -1) return;
    this.#at = found;
    this.set(this.#history.lines[found] ?? '');
  }
}

/** Line ends become line feeds; all else is what was typed, and is cleaned only where it is shown. */
export const withPlainLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n');
