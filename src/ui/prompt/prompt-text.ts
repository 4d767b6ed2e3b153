/** The text of a message or command, and how its parts were entered. */
export interface PromptText {
  readonly text: string;
  /** Where an `@` was typed. Only such an `@` can attach a file: in pasted text it is a character like any other. */
  readonly mentions: readonly number[];
  /** Long pasted parts, which the prompt shows in short form. */
  readonly folds: readonly Range[];
  /** Whether it is `!` and a command for the shell. Only a `!` that was typed makes it one. */
  readonly isShellCommand?: boolean;
}

/** Start and end in a text. */
export type Range = readonly [start: number, end: number];

/** Text that attaches nothing. */
export const plain = (text: string): PromptText => ({text, mentions: [], folds: []});

export const isBlank = ({text}: PromptText): boolean => text.trim() === '';

export const isEqual = (a: PromptText, b: PromptText): boolean =>
  a.text === b.text &&
  String(a.mentions) === String(b.mentions) &&
  String(a.folds) === String(b.folds) &&
  (a.isShellCommand ?? false) === (b.isShellCommand ?? false);

/** Joins two texts with a line break. The result is no command for the shell. */
export function join(first: PromptText, second: PromptText): PromptText {
  const offset = first.text.length + 1;
  return {
    text: `${first.text}\n${second.text}`,
    mentions: [...first.mentions, ...second.mentions.map((at) => at + offset)],
    folds: [...first.folds, ...second.folds.map(([start, end]): Range => [start + offset, end + offset])],
  };
}
