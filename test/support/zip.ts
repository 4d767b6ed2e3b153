import {randomBytes} from 'node:crypto';
import {crc32} from 'node:zlib';

interface ZipEntry {
  name: string;
  content: Uint8Array | string;
}

/** An entry that fills more than the beginning of a file, by which types are detected. */
export const longEntry = (name: string): ZipEntry => ({name, content: randomBytes(6_000)});

/**
 * Creates a zip archive of uncompressed entries.
 * @param isStreamed as programs write archives to a pipe: the length of an entry follows it
 */
export function zip(entries: readonly ZipEntry[], {isStreamed = false}: {isStreamed?: boolean} = {}): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const {name, content} of entries) {
    const data = Buffer.from(content);
    const sizes = uint32(crc32(data), data.length, data.length);
    const header = [uint16(20, isStreamed ? 8 : 0, 0, 0, 0), isStreamed ? Buffer.alloc(12) : sizes];
    const local = [Buffer.from('PK\u0003\u0004'), ...header, uint16(name.length, 0), Buffer.from(name), data];
    if (isStreamed) local.push(Buffer.from('PK\u0007\u0008'), sizes);
    list.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002'),
        uint16(20, 20, isStreamed ? 8 : 0, 0, 0, 0),
        sizes,
        uint16(name.length, 0, 0, 0, 0),
        uint32(0, offset),
        Buffer.from(name),
      ]),
    );
    const entry = Buffer.concat(local);
    parts.push(entry);
    offset += entry.length;
  }
  const names = Buffer.concat(list);
  const counts = uint16(0, 0, entries.length, entries.length);
  return Buffer.concat([
    ...parts,
    names,
    Buffer.from('PK\u0005\u0006'),
    counts,
    uint32(names.length, offset),
    uint16(0),
  ]);
}

const uint16 = (...values: number[]) => numbers(values, 2);
const uint32 = (...values: number[]) => numbers(values, 4);

function numbers(values: readonly number[], length: 2 | 4): Buffer {
  const bytes = Buffer.alloc(values.length * length);
  for (const [index, value] of values.entries()) bytes.writeUIntLE(value, index * length, length);
  return bytes;
}
