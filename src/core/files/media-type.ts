import {fileTypeFromBuffer} from 'file-type';
import mime from 'mime';

/** How many bytes from the beginning of a file `mediaType` needs. */
export const headLength = 4_100;

/**
 * The media type of a file by its first bytes. The format of a text file cannot be seen there, so its name decides, if it names a
 * text format.
 */
export async function mediaType(head: Uint8Array, name: string): Promise<string> {
  const detected = await fileTypeFromBuffer(head);
  // Many text formats are XML, SVG for one.
  if (detected && detected.mime !== 'application/xml') return detected.mime;
  if (!isText(head)) return detected?.mime ?? 'application/octet-stream';
  const byName = mime.getType(name);
  if (byName !== null && isTextFormat(byName)) return byName;
  return detected?.mime ?? 'text/plain';
}

/** Some extensions of source code are also those of binary formats, such as `.ts`. */
const isTextFormat = (type: string) =>
  /^text\/|[/+](?:json|xml|yaml)$|^application\/(?:javascript|x-sh|toml|sql|x-tex|x-httpd-php|rtf)$/.test(type);

/** A "binary data byte" (WHATWG, MIME Sniffing). */
const isBinary = (byte: number) =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);

function isText(head: Uint8Array): boolean {
  if (head.some(isBinary)) return false;
  try {
    // The last character may be cut in two.
    new TextDecoder('utf-8', {fatal: true}).decode(head, {stream: true});
    return true;
  } catch {
    return false;
  }
}
