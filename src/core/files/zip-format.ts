import type {FileHandle} from 'node:fs/promises';

/** Formats that are zip archives, by an entry that each has. */
const formats: readonly (readonly [entry: RegExp, type: string])[] = [
  [/^word\/document\d*\.xml$/, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  [/^xl\/workbook\.xml$/, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  [/^ppt\/presentation\.xml$/, 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  [/^META-INF\/container\.xml$/, 'application/epub+zip'],
];

/** The most bytes of the list of entries that are read. Documents need a few kilobytes. */
const maxListLength = 1_000_000;
const endRecordLength = 22;
const maxCommentLength = 65_535;
const entryLength = 46;

/**
 * The media type of a document in a zip archive, by the names of the archive's entries; undefined for other archives. The list of
 * entries is at the end of the file: at its beginning, an archive may have any entry, of unknown length.
 * @throws the system's error
 */
export async function zipFormat(file: FileHandle, size: number): Promise<string | undefined> {
  const names = [...entryNames(await readEntryList(file, size))];
  return formats.find(([entry]) => names.some((name) => entry.test(name)))?.[1];
}

/** The bytes with the list of entries; empty if there is none. */
async function readEntryList(file: FileHandle, size: number): Promise<Buffer> {
  const end = await readAt(file, Math.max(0, size - endRecordLength - maxCommentLength), size);
  const record = end.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (record < 0 || record + endRecordLength > end.length) return Buffer.alloc(0);
  const [length, start] = [end.readUInt32LE(record + 12), end.readUInt32LE(record + 16)];
  return readAt(file, start, Math.min(start + length, start + maxListLength, size));
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  if (end <= start) return Buffer.alloc(0);
  const {buffer, bytesRead} = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

function* entryNames(list: Buffer): Generator<string, void, undefined> {
  for (let at = 0; at + entryLength <= list.length && list.toString('latin1', at, at + 4) === 'PK\u0001\u0002';) {
    const nameStart = at + entryLength;
    const nameEnd = nameStart + list.readUInt16LE(at + 28);
    yield list.toString('utf8', nameStart, nameEnd);
    at = nameEnd + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
}
