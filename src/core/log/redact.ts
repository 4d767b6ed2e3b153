/*
 * The secrets in use, to remove them from messages: some services quote the request in an error, also encoded, in
 * another letter case or only in part.
 */

/** By secret, the texts to look for. */
const secrets = new Map<string, readonly Form[]>();
/** Older ones are dropped: a long-lived client gets new secrets all the time. */
const maxSecrets = 500;
/** Shorter texts may be any word. */
const minLength = 6;
/** Shorter parts of a secret are not recognized. */
const minPartLength = 8;
/** Every part of `minPartLength` characters contains a whole block. */
const blockLength = 4;
/** Enough for an encoded secret that begins before the end of a quote. */
const maxFormLength = 4_000;

/** A text that reveals a secret. */
interface Form {
  /** Normalized as by `normalize`. */
  text: string;
  /** Whether a part of it, from one index to another, reveals something: not if it may be a word. */
  isRevealing: (start: number, end: number) => boolean;
}

/** Adds secrets for `redact` to remove. */
export function registerSecret(...added: readonly (string | undefined)[]): void {
  for (const secret of added) {
    if (secret === undefined || secret.length < minLength) continue;
    const forms = secrets.get(secret) ?? formsOf(secret);
    // Moves a known secret to the end.
    secrets.delete(secret);
    secrets.set(secret, forms);
  }
  for (const oldest of secrets.keys()) {
    if (secrets.size <= maxSecrets) break;
    secrets.delete(oldest);
  }
}

/** Forgets all secrets, for programs that use other ones from now on. */
export function forgetSecrets(): void {
  secrets.clear();
}

/**
 * The text without registered secrets. Takes time in proportion to the length of the text times the number of secrets, so it is
 * for messages, not for replies.
 */
export function redact(text: string): string {
  if (secrets.size === 0 || text.length < minLength) return text;
  const decoded = decode(text);
  const haystack = normalize(decoded.text);
  const ranges = [...secrets.values()].flatMap((forms) => forms.flatMap((form) => [...findForm(haystack, form)]));
  let redacted = '';
  let position = 0;
  for (const [start, end] of merge(ranges)) {
    redacted += `${text.slice(position, decoded.offsets[start])}…`;
    position = decoded.offsets[end] ?? text.length;
  }
  return redacted + text.slice(position);
}

/** The beginning of a text from a service, without secrets. */
export const quote = (text: string, maxLength: number): string =>
  redact(text.slice(0, maxLength + maxFormLength)).slice(0, maxLength);

/** The secret itself, in hexadecimal, and in base64, where it may also be in the middle of other data. */
function formsOf(secret: string): Form[] {
  const plain = decode(secret).text;
  const isRevealing = (start: number, end: number) => !isWordlike(plain.slice(start, end));
  const encodings = [...new Set([secret, plain])].flatMap((text) => {
    const bytes = Buffer.from(text);
    return [bytes.toString('hex'), base64Of(bytes, 0), base64Of(bytes, 1), base64Of(bytes, 2)];
  });
  return [
    {text: normalize(plain), isRevealing},
    // Half as many characters of a secret are in the same length.
    ...encodings.map((text) => ({
      text: normalize(text),
      isRevealing: (start: number, end: number) => end - start >= 16,
    })),
  ];
}

/** Base64 of bytes that follow `offset` others: the characters that depend only on these bytes. */
function base64Of(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isComplete = (offset + bytes.length) % 3 === 0;
  return text.slice(Math.ceil((offset * 4) / 3), isComplete ? undefined : -1);
}

/** Whether a part of a secret may as well be a part of ordinary text: letters of one case, or digits only, with separators. */
const isWordlike = (part: string): boolean => /^(?:[A-Z]?[a-z\W_]*|[A-Z\W_]*|[\d\W_]*)$/.test(part);

/** A character is compared without its letter case, and as in both alphabets of base64. Keeps the length. */
const normalize = (text: string): string =>
  text.replaceAll(/[A-Z_-]/g, (character) => {
    if (character === '-') return '+';
    return character === '_' ? '/' : character.toLowerCase();
  });

type Range = readonly [start: number, end: number];

/** Where a form, or a revealing part of it, is in a text. */
function* findForm(haystack: string, {text, isRevealing}: Form): Generator<Range, void, undefined> {
  for (let block = 0; block + blockLength <= text.length; block += blockLength) {
    const needle = text.slice(block, block + blockLength);
    for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + 1)) {
      const [before, after] = sharedAround(haystack, at, text, block);
      const [start, end] = [block - before, block + after];
      const isWhole = end - start === text.length;
      if (isWhole || (end - start >= minPartLength && isRevealing(start, end))) yield [at - before, at + after];
    }
  }
}

/** The number of equal characters before and after two positions in two texts. */
function sharedAround(one: string, at: number, other: string, position: number): [before: number, after: number] {
  let before = 0;
  while (before < position && at > before && one[at - before - 1] === other[position - before - 1]) before++;
  let after = 0;
  while (position + after < other.length && at + after < one.length && one[at + after] === other[position + after])
    after++;
  return [before, after];
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && start <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}

interface Decoded {
  text: string;
  /** By index in `text`, where the character begins in the original text; at last the length of that. */
  offsets: readonly number[];
}

/** Escapes of URLs, JSON, programs and HTML. */
const escape =
  /%([\da-f]{2})|\\u([\da-f]{4})|\\x([\da-f]{2})|\\(["'/\\])|&#x([\da-f]{1,4});|&#(\d{1,5});|&(amp|quot|lt|gt|apos);/gi;
const entities: Readonly<Record<string, string>> = {amp: '&', quot: '"', lt: '<', gt: '>', apos: "'"};
/** The characters that these begin with. Most texts have none. */
const escapeStart = /[%\\&]/;
const maxRounds = 4;

/** Decodes a text, which may have been encoded several times. */
function decode(original: string): Decoded {
  let text = original;
  let offsets: readonly number[] = Array.from({length: original.length + 1}, (_value, index) => index);
  for (let round = 0; round < maxRounds && escapeStart.test(text); round++) {
    const decoded = decodeOnce(text, offsets);
    if (decoded.text === text) break;
    ({text, offsets} = decoded);
  }
  return {text, offsets};
}

function decodeOnce(text: string, offsets: readonly number[]): Decoded {
  const decodedOffsets: number[] = [];
  let decoded = '';
  let position = 0;
  const add = (part: string, from: readonly number[]) => {
    decoded += part;
    for (const offset of from) decodedOffsets.push(offset);
  };
  for (const match of text.matchAll(escape)) {
    add(text.slice(position, match.index), offsets.slice(position, match.index));
    add(characterOf(match), offsets.slice(match.index, match.index + 1));
    position = match.index + match[0].length;
  }
  add(text.slice(position), offsets.slice(position));
  return {text: decoded, offsets: decodedOffsets};
}

function characterOf([, percent, unicode, hex, plain, entityHex, entityNumber, entity = '']: RegExpExecArray): string {
  if (plain !== undefined) return plain;
  const digits = percent ?? unicode ?? hex ?? entityHex;
  if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
  if (entityNumber !== undefined) return String.fromCharCode(Number(entityNumber));
  return entities[entity.toLowerCase()] ?? '';
}
