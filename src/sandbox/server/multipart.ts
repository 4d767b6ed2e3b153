import type {UploadWay} from '../site/facts.js';

/** A file of a multipart body; its bytes are a view of the body's. */
export interface FilePart {
  readonly field: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** A form with files: a message with them in one of two ways, or one that goes ahead. */
export interface QueryForm {
  readonly way: UploadWay;
  /** The part `queryInfo` or `operations`, byte for byte; empty where a file goes ahead. */
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
 * Reads a multipart body without copying it: first `queryInfo`, or `operations` and `map`, which are no files, or neither; then
 * files, each with a name and a media type.
 * @param type the header `Content-Type`
 * @returns nothing where it is not of that form, to the byte
 */
export function readForm(body: Buffer, type: string): QueryForm | undefined {
  const boundary = /^multipart\/form-data\s*;\s*boundary=(?:"([^"]{1,70})"|([^\s";,]{1,70}))\s*$/i.exec(type);
  const parts = boundary && readParts(body, boundary[1] ?? boundary[2] ?? '');
  const texts = parts?.filter(({fileName}) => fileName === undefined) ?? [];
  const rest = parts?.slice(texts.length) ?? [];
  const way = ways[texts.map(({field}) => field).join(' ')];
  const files = rest.flatMap(({field, fileName, mimeType, bytes}) =>
    fileName === undefined || !mimeType ? [] : [{field, name: fileName, mimeType, bytes}],
  );
  if (!parts || !way || files.length !== rest.length) return undefined;
  const [query = Buffer.alloc(0), map] = texts.map(({bytes}) => bytes);
  return {way, query, map: map?.toString('utf8') ?? '', files};
}

const ways: Readonly<Record<string, UploadWay>> = {
  queryInfo: 'queryInfo',
  'operations map': 'operations',
  '': 'finish',
};

/** Undefined where one of the parts, or what is between them, is not as it should be. */
function readParts(body: Buffer, boundary: string): Part[] | undefined {
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
    const part = readPart(rest.subarray(2, headEnd).toString('utf8'), rest.subarray(headEnd + 4, end));
    if (!part) return undefined;
    parts.push(part);
    start += end + delimiter.length;
  }
}

const newLine = Buffer.from('\r\n');

function readPart(head: string, bytes: Buffer): Part | undefined {
  const lines = head.split('\r\n').map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
  const headers = new Map(lines.map((line) => [line?.[1]?.toLowerCase(), line?.[2]]));
  const disposition = /^form-data;\s*name="([^"]+)"(?:;\s*filename="([^"]+)")?$/i.exec(
    headers.get('content-disposition') ?? '',
  );
  if (!disposition?.[1] || lines.includes(null)) return undefined;
  const [, field, fileName] = disposition;
  return {
    field: unescaped(field),
    fileName: fileName === undefined ? undefined : unescaped(fileName),
    mimeType: headers.get('content-type'),
    bytes,
  };
}

/** Browsers write quotes and line ends in names so, and nothing else. */
const unescaped = (name: string): string =>
  name.replaceAll(/%(?:22|0D|0A)/gi, (escaped) => decodeURIComponent(escaped));
