import {type Draft, go, insert} from '../draft.js';
import {change, type PromptState, undo} from '../prompt-state.js';
import type {Command} from './command.js';
import {endOfWordAt, find, firstNonBlank, lineEnd, lineStart, motions, type Target} from './motions.js';
import {linesFrom, type Range, rangeTo} from './range.js';
import {textObject} from './text-objects.js';

export const insertMode = {mode: 'insert', pending: ''} as const;
export const normalMode = {mode: 'normal', pending: ''} as const;

/** The prompt after a command, and the mode. */
interface Applied {
  prompt: PromptState;
  vi: typeof insertMode | typeof normalMode;
}

const maxCount = 1000;

/** Does what a command says. */
export function applyCommand(prompt: PromptState, command: Command): Applied {
  const {operator, key, argument} = command;
  const {draft} = prompt;
  const count = Math.min(maxCount, command.count);
  if (operator === '') return simple(prompt, {...command, count});
  if (key === operator) return operate(prompt, operator, linesFrom(draft, count));
  if (key === 'i' || key === 'a') {
    const range = textObject(draft, key, argument);
    return range ? operate(prompt, operator, range) : inNormal(prompt);
  }
  // As in vi, `cw` in a word changes it without the blanks after it.
  const isInWord = operator === 'c' && /^[wW]$/.test(key) && /\S/.test(draft.text[draft.caret] ?? ' ');
  const target = isInWord ? endOfWordAt(draft, key === 'W', count) : targetOf(draft, {...command, count});
  return target ? operate(prompt, operator, rangeTo(draft, target)) : inNormal(prompt);
}

/** Leaves the insert mode: the caret goes to the last character that was typed. */
export const leaveInsert = (prompt: PromptState): Applied =>
  inNormal({
    ...prompt,
    draft: {...prompt.draft, caret: motions.h?.(prompt.draft, 1)?.caret ?? 0},
    lastChange: undefined,
  });

function targetOf(draft: Draft, {key, argument, count, isRepeated = false}: Command): Target | undefined {
  if (!/^[fFtT]$/.test(key)) return motions[key]?.(draft, count);
  // Repeated, `t` does not stay before the character where it is already.
  const from = isRepeated && key === 't' ? 1 : isRepeated && key === 'T' ? -1 : 0;
  return find({...draft, caret: draft.caret + from}, key, argument, count);
}

function simple(prompt: PromptState, command: Command): Applied {
  const target = targetOf(prompt.draft, command);
  if (target) return inNormal({...prompt, draft: {...prompt.draft, caret: target.caret}, lastChange: undefined});
  if (command.key === 'r') return replaceCharacters(prompt, command);
  return commands[command.key]?.(prompt, command.count) ?? inNormal(prompt);
}

function operate(prompt: PromptState, operator: string, {start, end, isLinewise}: Range): Applied {
  const {text, caret} = prompt.draft;
  const killed = text.slice(start, end) + (isLinewise ? '\n' : '');
  if (killed === '') {
    const moved = {...prompt, draft: {text, caret: start}, lastChange: undefined};
    return operator === 'c' ? {prompt: moved, vi: insertMode} : inNormal(prompt);
  }
  if (operator === 'y') {
    const draft = {text, caret: isLinewise ? Math.min(caret, start) : start};
    return inNormal({...prompt, draft, killed, lastChange: undefined});
  }
  // A deleted line takes its line break with it: the one after it, or the one before if it is the last.
  const takesNext = operator === 'd' && isLinewise && end < text.length ? 1 : 0;
  const takesPrevious = operator === 'd' && isLinewise && end === text.length && start > 0 ? 1 : 0;
  const from = start - takesPrevious;
  const left = text.slice(0, from) + text.slice(end + takesNext);
  const at = isLinewise && operator === 'd' ? firstNonBlank({text: left, caret: Math.min(from, left.length)}) : from;
  const changed = {...change(prompt, {text: left, caret: at}), killed};
  return operator === 'c' ? {prompt: changed, vi: insertMode} : inNormal(changed);
}

function put(prompt: PromptState, count: number, isAfter: boolean): Applied {
  const {draft, killed} = prompt;
  if (killed === '') return inNormal(prompt);
  if (killed.endsWith('\n')) {
    const lines = Array.from({length: count}, () => killed.slice(0, -1)).join('\n');
    const at = isAfter ? lineEnd(draft) : lineStart(draft);
    const {text} = insert({text: draft.text, caret: at}, isAfter ? `\n${lines}` : `${lines}\n`);
    return inNormal(change(prompt, {text, caret: firstNonBlank({text, caret: isAfter ? at + 1 : at})}));
  }
  const at = isAfter ? (motions.l?.(draft, 1)?.caret ?? draft.caret) : draft.caret;
  const inserted = insert({text: draft.text, caret: at}, killed.repeat(count));
  return inNormal(change(prompt, go(inserted, 'left')));
}

function replaceCharacters(prompt: PromptState, {argument, count}: Pick<Command, 'argument' | 'count'>): Applied {
  const {draft} = prompt;
  const end = motions.l?.(draft, count)?.caret ?? draft.caret;
  if (Array.from(draft.text.slice(draft.caret, end)).length < count) return inNormal(prompt);
  const text = draft.text.slice(0, draft.caret) + argument.repeat(count) + draft.text.slice(end);
  return inNormal(change(prompt, {text, caret: draft.caret + argument.length * (count - 1)}));
}

const on =
  (operator: string, motion: string) =>
  (prompt: PromptState, count: number): Applied => {
    const target = motions[motion]?.(prompt.draft, count);
    return target ? operate(prompt, operator, rangeTo(prompt.draft, target)) : inNormal(prompt);
  };

const insertAt =
  (place: (draft: Draft) => number) =>
  (prompt: PromptState): Applied => ({
    prompt: {...prompt, draft: {...prompt.draft, caret: place(prompt.draft)}, lastChange: undefined},
    vi: insertMode,
  });

const openLine =
  (place: (draft: Draft) => number, isBelow: boolean) =>
  (prompt: PromptState): Applied => {
    const at = place(prompt.draft);
    const opened = insert({text: prompt.draft.text, caret: at}, '\n');
    return {prompt: change(prompt, isBelow ? opened : {...opened, caret: at}), vi: insertMode};
  };

/** The commands of one key that are no motion. */
const commands: Readonly<Record<string, (prompt: PromptState, count: number) => Applied>> = {
  i: insertAt(({caret}) => caret),
  a: insertAt((draft) => motions.l?.(draft, 1)?.caret ?? draft.caret),
  I: insertAt(firstNonBlank),
  A: insertAt(lineEnd),
  o: openLine(lineEnd, true),
  O: openLine(lineStart, false),
  x: on('d', 'l'),
  X: on('d', 'h'),
  s: on('c', 'l'),
  D: on('d', '$'),
  C: on('c', '$'),
  S: (prompt, count) => operate(prompt, 'c', linesFrom(prompt.draft, count)),
  Y: (prompt, count) => operate(prompt, 'y', linesFrom(prompt.draft, count)),
  p: (prompt, count) => put(prompt, count, true),
  P: (prompt, count) => put(prompt, count, false),
  u(prompt, count) {
    let undone = prompt;
    for (let times = 0; times < count; times++) undone = undo(undone);
    return inNormal(undone);
  },
};

const inNormal = (prompt: PromptState): Applied => ({prompt: onCharacter(prompt), vi: normalMode});

/** In the normal mode, the caret is on a character: not behind the last one of a line. */
export function onCharacter(prompt: PromptState): PromptState {
  const {draft} = prompt;
  const isBehind = draft.caret === lineEnd(draft) && draft.caret > lineStart(draft);
  return isBehind ? {...prompt, draft: go(draft, 'left')} : prompt;
}
