import {press} from '../prompt/key-bindings.js';
import {type Key, named} from '../prompt/keys.js';
import {insertMode, normalMode, onCharacter} from '../prompt/vi/apply-command.js';
import {pressNormal, toNormal} from '../prompt/vi/vi-keys.js';
import type {ChatState} from './chat-state.js';
import type {Transition} from './transitions.js';

/** Turns vi's keys on or off. */
export const useVi =
  (isOn: boolean): Transition =>
  (state) =>
    isOn === (state.vi !== undefined) ? state : {...state, vi: isOn ? insertMode : undefined};

/** Applies a key of vi. @returns undefined if the key means the same as without vi */
export function pressVi(state: ChatState, key: Key): ChatState | undefined {
  const {vi, prompt} = state;
  if (!vi) return undefined;
  const isEscape = key.type === 'key' && key.name === 'escape' && !key.ctrl && !key.alt;
  if (vi.mode === 'insert') {
    // Without a draft, Esc stops the bot or takes back a queued message.
    const isNeeded = prompt.draft.text === '' && (state.activity !== 'idle' || state.queue.length > 0);
    return isEscape && !isNeeded ? {...state, ...toNormal(prompt, vi)} : undefined;
  }
  if (isEscape) return vi.pending === '' ? undefined : {...state, vi: {...vi, ...normalMode}};
  if (key.type === 'text') return Array.from(key.text).reduce(typeCharacter, state);
  if (key.type === 'key' && key.name === 'backspace' && !key.ctrl && !key.alt) return typeCharacter(state, 'h');
  return undefined;
}

/** The mode after a key that vi does not use: what was submitted leaves an empty line to type in. */
export function afterKey(state: ChatState, {isSubmitted}: {isSubmitted: boolean}): ChatState {
  if (!state.vi) return state;
  if (isSubmitted) return {...state, vi: {...state.vi, ...insertMode, inserting: undefined}};
  return state.vi.mode === 'insert' ? state : {...state, prompt: onCharacter(state.prompt)};
}

function typeCharacter(state: ChatState, character: string): ChatState {
  const {vi, prompt, history} = state;
  if (!vi) return state;
  const isStart = prompt.draft.text === '' && /^[/!]$/.test(character);
  if (vi.mode === 'insert' || isStart) {
    return {
      ...state,
      vi: {...vi, ...insertMode},
      prompt: press(prompt, {type: 'text', text: character}, history).prompt,
    };
  }
  const next = pressNormal(prompt, vi, character);
  const isVertical = vi.pending === '' && (character === 'j' || character === 'k');
  if (!isVertical || next.prompt.draft.caret !== prompt.draft.caret) return {...state, ...next};
  // On the first and the last line, these recall earlier input.
  const recalled = press(prompt, named(character === 'k' ? 'up' : 'down'), history).prompt;
  return {...state, vi: {...vi, ...normalMode}, prompt: onCharacter(recalled)};
}
