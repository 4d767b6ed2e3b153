import stringWidth from 'string-width';

/** How many columns a text takes. Of letters that all are one wide it is their number, which is quickly told. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text));

/** Whether a text has only characters that are one code unit and one column each: printable ASCII, Latin letters, · – — … */
export const isPlain = (text: string): boolean => /^[ -~\u00B7\u00C0-\u017F\u2013\u2014\u2026]*$/.test(text);
