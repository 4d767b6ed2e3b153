import type {UploadMethod} from '../site/facts.js';

/** A file of a multipart body. Its bytes are a view of the body. */
export interface FilePart {
  readonly field: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** A multipart body with files, as one of the site's upload methods sends it. */
export interface UploadForm {
  readonly method: UploadMethod;
  /** The part `queryInfo` or `operations`, byte for byte; empty for a file sent before its message. */
  readonly query: Buffer;
  /** The part `map`, as text. */
  readonly map: string;
  readonly files: readonly FilePart[];
}

interface Part {
  readonly field: string;
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
  readonly bytes: Buffer;
}

/**
 * Parses a multipart body without copying it. It must start with the text part `queryInfo`, the text parts `operations` and
 * `map`, or no text part; the rest must be files with a name and a media type.
 * @param type the header `Content-Type`
 * @returns undefined if anything differs, down to the byte
 */
export function parseForm(body: Buffer, type: string): UploadForm | undefined {
  const boundary = /^multipart\/form-data\s*;\s*boundary=(?:"([^"]{1,70})"|([^\s";,]{1,70}))\s*$/i.exec(type);
  const parts = boundary && parseParts(body, boundary[1] ?? boundary[2] ?? '');
  const texts = parts?.filter(({fileName}) => fileName === undefined) ?? [];
  const rest = parts?.slice(texts.length) ?? [];
  const method = methods[texts.map(({field}) => field).join(' ')];
  const files = rest.flatMap(({field, fileName, mimeType, bytes}) =>
    fileName === undefined || !mimeType ? [] : [{field, name: fileName, mimeType, bytes}],
  );
  if (!parts || !method || files.length !== rest.length) return undefined;
  const [query = Buffer.alloc(0), map] = texts.map(({bytes}) => bytes);
  return {method, query, map: map?.toString('utf8') ?? '', files};
}

/** The text parts of a form by their names, and its files in base64. @returns undefined if it is malformed */
export function parseFields(body: Buffer, type: string): Record<string, string> | undefined {
  const parts = parseParts(body, /boundary="?([^";,\s]{1,70})/i.exec(type)?.[1] ?? '');
  return parts && Object.fromEntries(parts.map(({field, fileName, bytes}) => [field, textOf(fileName, bytes)]));
}

const textOf = (fileName: string | undefined, bytes: Buffer): string =>
  bytes.toString(fileName === undefined ? 'utf8' : 'base64');

/** Upload methods by their text parts. */
const methods: Readonly<Record<string, UploadMethod>> = {
  queryInfo: 'queryInfo',
  'operations map': 'operations',
  '': 'finish',
};

/** Undefined if a part or a delimiter is invalid. */
function parseParts(body: Buffer, boundary: string): Part[] | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const opening = delimiter.subarray(2);
  if (!body.subarray(0, opening.length).equals(opening)) return undefined;
  const parts: Part[] = [];
  for (let start = opening.length; ;) {
    const rest = body.subarray(start);
    if (/^--(?:\r\n){0,2}$/.test(rest.subarray(0, 7).toString('latin1'))) return parts;
    const headEnd = rest.indexOf('\r\n\r\n');
    const end = headEnd < 0 ? -1 : rest.indexOf(delimiter, headEnd + 4);
    if (end < 0 || !rest.subarray(0, 2).equals(newLine)) return undefined;
    const part = parsePart(rest.subarray(2, headEnd).toString('utf8'), rest.subarray(headEnd + 4, end));
    if (!part) return undefined;
    parts.push(part);
    start += end + delimiter.length;
  }
}

const newLine = Buffer.from('\r\n');

function parsePart(head: string, bytes: Buffer): Part | undefined {
  const lines = head.split('\r\n').map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
  const headers = new Map(lines.map((line) => [line?.[1]?.toLowerCase(), line?.[2]]));
  const disposition = /^form-data;\s*name="([^"]+)"(?:;\s*filename="([^"]+)")?$/i.exec(
    headers.get('content-disposition') ?? '',
  );
  if (!disposition?.[1] || lines.includes(null)) return undefined;
  const [, field, fileName] = disposition;
  return {
    field: unescapeName(field),
    fileName: fileName === undefined ? undefined : unescapeName(fileName),
    mimeType: headers.get('content-type'),
    bytes,
  };
}

/** Browsers escape quotes and line breaks in names like this, and nothing else. */
const unescapeName = (name: string): string =>
  name.replaceAll(/%(?:22|0D|0A)/gi, (escaped) => decodeURIComponent(escaped));
