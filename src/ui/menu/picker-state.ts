import {emptyPrompt, type PromptState} from '../prompt/prompt-state.js';
import {type ListState, newList} from './list-state.js';
import type {Source} from './source.js';

/** What a picker offers. */
export interface PickOptions {
  /** What is chosen, in a few words. */
  title: string;
  source: Source;
  /** Whether a text that matches nothing can be chosen as it is. */
  acceptsText?: boolean;
  /** The value of the entry that is marked first. Default: the first one. */
  marked?: string | undefined;
  /** What Enter does, for the line below the list. Default: `Enter to choose`. */
  action?: string;
}

/** A list to choose from. While it is open, keys go to its own prompt, whose text filters the list. */
export interface PickerState extends PickOptions {
  readonly prompt: PromptState;
  readonly list: ListState;
  /** Whether Enter was pressed before there were entries. */
  readonly isEnterPending: boolean;
}

export const newPicker = (options: PickOptions): PickerState => ({
  ...options,
  prompt: emptyPrompt([]),
  list: newList({first: options.marked}),
  isEnterPending: false,
});
