import {hash} from 'node:crypto';
import {readOwnFile, writeOwnFile} from '../store/files/own-file.js';

/** A script as V8 compiled it. */
export interface CompiledScript {
  /** The SHA-256 hash of its source. V8 itself checks only the length of the source, its own version and its flags. */
  sourceHash: string;
  code: Buffer;
}

/** Compiled scripts by name. */
export type CompiledScripts = ReadonlyMap<string, CompiledScript>;

const maxBytes = 32 * 1024 * 1024;
const hashLength = 32;
const lengthBytes = 4;
/** V8 copies code that does not start at a multiple of this. */
const alignment = 8;

export const hashOf = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer');

/** @returns nothing if there is no such file, it is damaged, or another user may have written it */
export function readCodeCache(path: string): CompiledScripts {
  const file = readOwnFile(path, {maxBytes});
  // V8 runs damaged code, so the file has a hash of its content.
  if (!file || !file.subarray(0, hashLength).equals(hashOf(file.subarray(hashLength)))) return new Map();
  const tableStart = hashLength + lengthBytes;
  const tableEnd = tableStart + file.readUInt32LE(hashLength);
  // The hash shows that `writeCodeCache` wrote it.
  const table = JSON.parse(file.toString('utf8', tableStart, tableEnd)) as [string, string, number][];
  let at = aligned(tableEnd);
  return new Map(
    table.map(([name, sourceHash, length]) => {
      const code = file.subarray(at, at + length);
      at = aligned(at + length);
      return [name, {sourceHash, code}];
    }),
  );
}

/** Never throws. */
export function writeCodeCache(path: string, scripts: CompiledScripts): void {
  const table = Buffer.from(
    JSON.stringify([...scripts].map(([name, {sourceHash, code}]) => [name, sourceHash, code.length])),
  );
  const tableLength = Buffer.alloc(lengthBytes);
  tableLength.writeUInt32LE(table.length);
  const parts = [tableLength, table, padding(hashLength + lengthBytes + table.length)];
  for (const {code} of scripts.values()) parts.push(code, padding(code.length));
  const content = Buffer.concat(parts);
  writeOwnFile(path, Buffer.concat([hashOf(content), content]));
}

const aligned = (at: number): number => Math.ceil(at / alignment) * alignment;

const padding = (length: number): Buffer => Buffer.alloc(aligned(length) - length);
