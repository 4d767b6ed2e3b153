/**
 * The same text for the spellings of a bot: in any letter case, and its display name, `Python Tutor`, which often has blanks where its
 * handle has hyphens or nothing.
 */
export const sameBot = (name: string): string => name.toLowerCase().replaceAll(/[ _-]/g, '');
