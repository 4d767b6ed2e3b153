import {inflateSync} from 'node:zlib';
import {PNG} from 'pngjs';
import {ImageError, type Pixels} from '../pixels.js';

/** Bytes of unpacked image data. */
const maxRawBytes = 128 << 20;

/** @throws Error if the file is damaged */
export function decodePng(bytes: Uint8Array): Pixels {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rawBytes = rawSize(file);
  if (rawBytes > maxRawBytes) throw new ImageError('it is too large');
  // For interlaced images, pngjs unpacks whatever the file contains.
  if (isInterlaced(file)) inflateSync(imageData(file), {maxOutputLength: rawBytes});
  const {width, height, data} = PNG.sync.read(file);
  return {width, height, data};
}

/** The header is at a fixed place. */
const header = {width: 16, height: 20, depth: 24, colorType: 25, interlace: 28};

/** Samples per pixel by color type. */
const channels: Readonly<Record<number, number>> = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4};

const isInterlaced = (file: Buffer): boolean => file[header.interlace] !== 0;

/** An upper limit of the unpacked size in bytes. Interlaced images have up to two rows for each one, with a byte for its filter. */
function rawSize(file: Buffer): number {
  const [width, height] = [file.readUInt32BE(header.width), file.readUInt32BE(header.height)];
  const bits = (file[header.depth] ?? 0) * (channels[file[header.colorType] ?? -1] ?? 4);
  return Math.ceil((width * height * bits) / 8) + 4 * height + 64;
}

/** The content of all IDAT chunks. */
function imageData(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return Buffer.concat(parts);
}
