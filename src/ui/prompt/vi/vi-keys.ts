import {type Draft, insert} from '../draft.js';
import {change, type PromptState} from '../prompt-state.js';
import {applyCommand, leaveInsert, normalMode} from './apply-command.js';
import {type Command, parse} from './command.js';

/** The state of vi's keys. */
export interface ViState {
  readonly mode: 'insert' | 'normal';
  /** The keys of an unfinished command, such as `2d`. */
  readonly pending: string;
  /** What `;` and `,` repeat. */
  readonly lastFind?: Pick<Command, 'key' | 'argument'> | undefined;
  /** What `.` repeats. */
  readonly lastChange?: RepeatableChange | undefined;
  /** The command that started the insert mode, and the draft after it. */
  readonly inserting?: {command: Command; draft: Draft} | undefined;
}

interface RepeatableChange {
  command: Command;
  /** What was then typed. */
  inserted: string;
}

/** Leaves the insert mode: the caret goes to the last character that was typed. */
export function toNormal(prompt: PromptState, vi: ViState): {prompt: PromptState; vi: ViState} {
  const inserted = insertedText(prompt.draft, vi);
  const left = leaveInsert(prompt);
  const lastChange =
    inserted === undefined || !vi.inserting ? vi.lastChange : {command: vi.inserting.command, inserted};
  return {prompt: left.prompt, vi: {...vi, ...left.vi, lastChange, inserting: undefined}};
}

/** What was typed in the insert mode; undefined if that is not all that has changed. */
function insertedText({text}: Draft, {inserting}: ViState): string | undefined {
  if (!inserting) return undefined;
  const {draft: before} = inserting;
  const [start, end] = [before.text.slice(0, before.caret), before.text.slice(before.caret)];
  const isInsertion = text.length >= before.text.length && text.startsWith(start) && text.endsWith(end);
  return isInsertion ? text.slice(start.length, text.length - end.length) : undefined;
}

/** Applies a character that was typed in the normal mode. */
export function pressNormal(prompt: PromptState, vi: ViState, character: string): {prompt: PromptState; vi: ViState} {
  const typed = parse(vi.pending + character);
  if (typed === 'incomplete') return {prompt, vi: {...vi, mode: 'normal', pending: vi.pending + character}};
  if (typed.key === '.') return repeatChange(prompt, vi, typed);
  const command = withLastFind(typed, vi);
  const applied = applyCommand(prompt, command);
  const isFind = /^[fFtT]$/.test(typed.key);
  const changes = applied.vi.mode === 'insert' || applied.prompt.draft.text !== prompt.draft.text;
  const isRepeatable = changes && typed.key !== 'u';
  return {
    prompt: applied.prompt,
    vi: {
      ...vi,
      ...applied.vi,
      ...(isFind && {lastFind: {key: typed.key, argument: typed.argument}}),
      ...(isRepeatable && applied.vi.mode === 'normal' && {lastChange: {command, inserted: ''}}),
      inserting: applied.vi.mode === 'insert' ? {command, draft: applied.prompt.draft} : undefined,
    },
  };
}

/** Repeats the last change, perhaps with another count. */
function repeatChange(prompt: PromptState, vi: ViState, {count, hasCount}: Command) {
  const {lastChange} = vi;
  const idle = {...vi, ...normalMode};
  if (!lastChange) return {prompt, vi: idle};
  const command = hasCount ? {...lastChange.command, count, hasCount} : lastChange.command;
  const applied = applyCommand(prompt, command);
  if (applied.vi.mode === 'normal') return {prompt: applied.prompt, vi: {...idle, lastChange: {command, inserted: ''}}};
  const {draft} = applied.prompt;
  const inserted = change(applied.prompt, insert(draft, lastChange.inserted));
  return {prompt: leaveInsert(inserted).prompt, vi: {...idle, lastChange: {...lastChange, command}}};
}

/** `;` repeats the last search in the line, and `,` does so in the other direction. */
function withLastFind(command: Command, {lastFind}: ViState): Command {
  if (!/^[;,]$/.test(command.key) || !lastFind) return command;
  const {key, argument} = lastFind;
  const other = key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
  return {...command, key: command.key === ';' ? key : other, argument, isRepeated: true};
}
