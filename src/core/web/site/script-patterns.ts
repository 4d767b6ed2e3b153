/* Parts of regular expressions for the minified scripts of the site. */

/** A member of the global object, with its name as a group: `window.x`, `self["x"]`, `globalThis.x`. */
export const onWindow = String.raw`(?:window|self|globalThis)(?:\.|\[["'\x60])([\w$]+)(?:["'\x60]\])?`;

/** A text in any kind of quotes. */
export const quoted = (text: string): string => String.raw`["'\x60]${text}["'\x60]`;
