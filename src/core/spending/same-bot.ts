/** The same text for the spellings of a bot: in any letter case, and its display name, which usually has blanks for hyphens. */
export const sameBot = (name: string): string => name.toLowerCase().replaceAll(' ', '-');
