/**
 * Whether the beginning of a file is text, and in which encoding: Unicode, which is certain, or possibly an older one with one
 * byte per character.
 */
export function textEncoding(head: Uint8Array): 'unicode' | 'legacy' | undefined {
  const utf16 = utf16Encoding(head);
  if (utf16) return decodes(head.subarray(0, head.length - (head.length % 2)), utf16) ? 'unicode' : undefined;
  if (head.some(isBinary)) return undefined;
  return decodes(head, 'utf-8') ? 'unicode' : 'legacy';
}

/** By the byte order mark. */
function utf16Encoding([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** A “binary data byte” (WHATWG, MIME Sniffing). */
const isBinary = (byte: number) =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);

function decodes(head: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): boolean {
  try {
    // The last character may be cut in two.
    const text = new TextDecoder(encoding, {fatal: true}).decode(head, {stream: true});
    return !text.includes('\0');
  } catch {
    return false;
  }
}
