/**
 * Long pasted texts. Each is one character of the draft, is shown as `[pasted 12 lines]`, and is sent as it was pasted. The
 * character for the paste at index n is the nth of Unicode's private plane 15.
 */
export type Pastes = readonly string[];

/** Adds a pasted text. @returns the pastes, and what to insert into the draft */
export function fold(pastes: Pastes, text: string): {pastes: Pastes; inserted: string} {
  if (text.length <= 400 && lineCount(text) <= 3) return {pastes, inserted: text};
  return {pastes: [...pastes, text], inserted: String.fromCodePoint(firstMark + pastes.length)};
}

/** The draft as it is sent. */
export const unfold = (pastes: Pastes, draft: string): string => replaceMarks(pastes, draft, (text) => text);

/** The draft as it is shown. */
export const shorten = (pastes: Pastes, draft: string): string =>
  replaceMarks(pastes, draft, (text) => `[pasted ${lineCount(text).toLocaleString('en-US')} lines]`);

function replaceMarks(pastes: Pastes, draft: string, replace: (text: string) => string): string {
  if (pastes.length === 0) return draft;
  return draft.replaceAll(/[\u{F0000}-\u{FFFFD}]/gu, (mark) => {
    const text = pastes[(mark.codePointAt(0) ?? 0) - firstMark];
    return text === undefined ? mark : replace(text);
  });
}

const firstMark = 0xf0000;

const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;
