/** Whether a text goes on from an earlier one. Looking for a beginning takes V8 five times as long as comparing two texts. */
export const isPrefix = (text: string, before: string): boolean => text.slice(0, before.length) === before;
