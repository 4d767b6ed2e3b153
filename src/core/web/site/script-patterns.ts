/* How scripts of the site, which some program has made smaller, write what is looked for in them: as parts of expressions. */

/** A member of the global object, whose name is its group: `window.x`, `self["x"]`, `globalThis.x`. */
export const onWindow = String.raw`(?:window|self|globalThis)(?:\.|\[["'\x60])([\w$]+)(?:["'\x60]\])?`;

/** A text in quotes of any kind. */
export const quoted = (text: string): string => String.raw`["'\x60]${text}["'\x60]`;
