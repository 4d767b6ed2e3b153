/**
 * The number of a chat, message, bot or user. A number above 2^53 − 1, which a JavaScript number cannot represent exactly, is a
 * string of its decimal digits.
 */
export type Id = number | string;

/** Parses decimal digits. Undefined if the text is anything else, or too long for a 64-bit number. */
export function parseId(text: string): Id | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text.replace(/^0+/, '');
}

/** Whether an ID is greater than another one: Poe counts upwards. */
export function isGreaterId(one: Id, other: Id): boolean {
  if (typeof one === 'number' && typeof other === 'number') return one > other;
  return BigInt(one) > BigInt(other);
}

/** The ID that a caller passed where names are accepted, too: a number, or digits that are too long for one. */
export function passedId(value: unknown): Id | undefined {
  if (typeof value === 'number') return value;
  const id = typeof value === 'string' ? parseId(value) : undefined;
  return typeof id === 'string' ? id : undefined;
}
