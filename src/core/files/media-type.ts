import {fileTypeFromBuffer} from 'file-type';
import mime from 'mime';

/** How much of the beginning of a file tells what it is, in bytes. */
export const headLength = 4_100;

/**
 * The media type of a file by its content. Text has no mark that tells what kind it is: there its name decides, if it names a
 * kind of text.
 */
export async function mediaType(head: Uint8Array, name: string): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  // XML is what many kinds of text are made of, among them pictures.
  if (found && found.mime !== 'application/xml') return found.mime;
  if (!isText(head)) return found?.mime ?? 'application/octet-stream';
  const named = mime.getType(name);
  if (named !== null && isTextual(named)) return named;
  return found?.mime ?? 'text/plain';
}

/** Names of source code are names of films too: `.ts` is one. */
const isTextual = (type: string) =>
  /^text\/|[/+](?:json|xml|yaml)$|^application\/(?:javascript|x-sh|toml|sql|x-tex|x-httpd-php|rtf)$/.test(type);

/** Bytes that no text has (WHATWG, MIME Sniffing, “binary data byte”). */
const isBinary = (byte: number) =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);

function isText(head: Uint8Array): boolean {
  if (head.some(isBinary)) return false;
  try {
    // Its last character may have been cut in two.
    new TextDecoder('utf-8', {fatal: true}).decode(head, {stream: true});
    return true;
  } catch {
    return false;
  }
}
