import {readSync} from 'node:fs';
import {openOwnFile, writeOwnFile} from '../store/files/own-file.js';

/** A script as V8 compiled it. */
export interface CompiledScript {
  /** Its source. V8 itself checks only the length of the source, its own version and its flags. */
  source: Buffer;
  code: Buffer;
}

/** Compiled scripts by name, read when they are needed. */
export interface CodeCache {
  names: readonly string[];
  /** @returns undefined if there is no such script, or its code is damaged */
  get(name: string): CompiledScript | undefined;
}

/*
 * The file has everything twice, except for the sources: the length of its header, the header, and each script. V8 runs damaged code,
 * and comparing two copies takes a tenth of the time of a checksum, for which Node would have to load node:crypto.
 */

interface Header {
  program: string;
  scripts: Placed[];
}

/** A script in the file: its code, a copy of the code, and its source, from `start`. */
type Placed = [name: string, start: number, codeLength: number, sourceLength: number];

const maxBytes = 64 * 1024 * 1024;
const lengthBytes = 8;
const empty: CodeCache = {names: [], get: () => undefined};

/**
 * Opens the compiled scripts of a program. The file stays open.
 * @param program what the code depends on, besides the sources
 * @returns nothing if there is no such file, it is damaged, it is of another program, or another user may have written it
 */
export function openCodeCache(path: string, program: string): CodeCache {
  const file = openOwnFile(path, {maxBytes});
  const header = file === undefined ? undefined : readHeader(file);
  if (file === undefined || header?.program !== program) return empty;
  const scripts = new Map(header.scripts.map((script) => [script[0], script]));
  return {
    names: [...scripts.keys()],
    get(name) {
      const script = scripts.get(name);
      return script && readScript(file, script);
    },
  };
}

/** Never throws. @param program as for {@link openCodeCache} */
export function writeCodeCache(path: string, program: string, scripts: ReadonlyMap<string, CompiledScript>): void {
  let start = 0;
  const placed = [...scripts].map(([name, {source, code}]): Placed => {
    const script: Placed = [name, start, code.length, source.length];
    start += 2 * code.length + source.length;
    return script;
  });
  const header = Buffer.from(JSON.stringify({program, scripts: placed} satisfies Header));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(header.length, 0);
  length.writeUInt32LE(header.length, lengthBytes / 2);
  const contents = [...scripts.values()].flatMap(({source, code}) => [code, code, source]);
  writeOwnFile(path, Buffer.concat([length, header, header, ...contents]));
}

function readHeader(file: number): Header | undefined {
  const lengths = readAt(file, 0, lengthBytes);
  const length = lengths?.readUInt32LE(0) ?? 0;
  if (length > maxBytes || lengths?.readUInt32LE(lengthBytes / 2) !== length) return undefined;
  const text = firstOfTwo(readAt(file, lengthBytes, 2 * length), length);
  if (!text) return undefined;
  // Two copies show that `writeCodeCache` wrote it.
  const header = JSON.parse(text.toString()) as Header;
  const end = lengthBytes + 2 * length;
  return {
    ...header,
    scripts: header.scripts.map(([name, start, code, source]) => [name, end + start, code, source]),
  };
}

function readScript(file: number, [, start, codeLength, sourceLength]: Placed): CompiledScript | undefined {
  const content = readAt(file, start, 2 * codeLength + sourceLength);
  const code = firstOfTwo(content, codeLength);
  return content && code && {code, source: content.subarray(2 * codeLength)};
}

/** @returns undefined if the two are not equal */
function firstOfTwo(content: Buffer | undefined, length: number): Buffer | undefined {
  const first = content?.subarray(0, length);
  return first && content?.subarray(length, 2 * length).equals(first) ? first : undefined;
}

/** @returns undefined if the file is shorter, or cannot be read */
function readAt(file: number, start: number, length: number): Buffer | undefined {
  try {
    // V8 copies code that does not start at a multiple of 8, which a new buffer does.
    const content = Buffer.allocUnsafeSlow(length);
    return readSync(file, content, 0, length, start) === length ? content : undefined;
  } catch {
    return undefined;
  }
}
