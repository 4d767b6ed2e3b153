import type {FileHandle} from 'node:fs/promises';
import {type FileTypeResult, fileTypeFromBuffer} from 'file-type';
import mime from 'mime';
import {textEncoding} from './text-content.js';
import {zipFormat} from './zip-format.js';

export interface MediaType {
  type: string;
  /** The usual extension of its files, without the dot. */
  extension: string;
}

/** How many bytes from the beginning of a file decide its type. */
const headLength = 4_100;
/** Text in an old encoding, if nothing else says so, has at least this many bytes: a few bytes of any format may look like it. */
const minLegacyLength = 256;

/**
 * The media type of a file by its content and its name. The content decides, except between formats that it cannot tell apart:
 * text, and formats inside a container such as a zip archive.
 * @param name may be empty
 * @throws the system's error
 */
export async function mediaType(file: FileHandle, size: number, name: string): Promise<MediaType> {
  const {buffer, bytesRead} = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
  const head = buffer.subarray(0, bytesRead);
  const detected = await fileTypeFromBuffer(head);
  const byName = mime.getType(name) ?? undefined;
  const encoding = textEncoding(head);
  const isNamedText = byName !== undefined && isTextFormat(byName);
  if (encoding === 'unicode' || (encoding === 'legacy' && (isNamedText || head.length >= minLegacyLength))) {
    return textType(head, detected, byName);
  }
  if (detected?.mime === 'application/zip') return zipType(file, size, detected, byName);
  if (detected && !containers.has(detected.mime)) return {type: detected.mime, extension: detected.ext};
  if (byName !== undefined && !isNamedText) return withExtension(byName);
  return detected ? {type: detected.mime, extension: detected.ext} : withExtension('application/octet-stream');
}

/** Formats of other formats, which only the name reveals: OLE2 contains doc, xls, ppt and msg. */
const containers: ReadonlySet<string> = new Set(['application/x-cfb', 'application/zip']);

/** Formats of text that are certain by their first characters. The detection also takes the first letters of words for signatures. */
const signatures: readonly (readonly [RegExp, MediaType])[] = [
  [/^%PDF-\d/, {type: 'application/pdf', extension: 'pdf'}],
  [/^%!PS-Adobe-/, {type: 'application/postscript', extension: 'ps'}],
  [/^\{\\rtf/, {type: 'application/rtf', extension: 'rtf'}],
];

/** Formats of text that the detection recognizes, but that a name may specify further: SVG is XML. */
const general: ReadonlySet<string> = new Set(['application/xml', 'text/calendar', 'text/vcard', 'text/vtt']);

function textType(head: Buffer, detected: FileTypeResult | undefined, byName: string | undefined): MediaType {
  const start = head.toString('latin1', 0, 32);
  const certain = signatures.find(([signature]) => signature.test(start))?.[1];
  if (certain) return certain;
  if (byName !== undefined && (isTextFormat(byName) || byName === detected?.mime)) return withExtension(byName);
  return withExtension(detected && general.has(detected.mime) ? detected.mime : 'text/plain');
}

async function zipType(file: FileHandle, size: number, zip: FileTypeResult, byName: string | undefined) {
  if (byName !== undefined && isZipFormat(byName)) return withExtension(byName);
  const format = await zipFormat(file, size);
  return format === undefined ? {type: zip.mime, extension: zip.ext} : withExtension(format);
}

/** Some extensions of source code are also those of binary formats, such as `.ts`. */
const isTextFormat = (type: string) =>
  /^text\/|[/+](?:json|xml|yaml)$|^application\/(?:javascript|x-sh|toml|sql|x-tex|x-httpd-php|rtf)$/.test(type);

const isZipFormat = (type: string) =>
  /^application\/(?:vnd\.(?:openxmlformats-|oasis\.opendocument\.|ms-\w+\..*macroenabled|android\.package)|java-archive|\w+\+zip)/i.test(
    type,
  );

const withExtension = (type: string): MediaType => ({type, extension: mime.getExtension(type) ?? 'bin'});
