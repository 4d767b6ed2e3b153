/** Whether text is wrapped at words, or the terminal breaks it. */
export type Wrap = 'words' | 'none';

/** Longer lines are hard to read. */
export const maxTextWidth = 100;
/** However deep lists are nested, their text is not narrower than this. */
export const minTextWidth = 16;
