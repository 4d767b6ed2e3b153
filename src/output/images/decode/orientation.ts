import type {Pixels} from '../pixels.js';

/** How a camera was held, as the Exif data of a JPEG file says: 1 to 8, where 1 is upright. Damaged data counts as 1. */
export function orientationOf(jpeg: Uint8Array): number {
  try {
    return findOrientation(new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
  } catch {
    return 1;
  }
}

/** @throws RangeError if the data points outside of the file */
function findOrientation(file: DataView): number {
  // Segments follow one another until the pixels.
  for (let at = 2; at + 18 < file.byteLength && file.getUint8(at) === 0xff; at += 2 + file.getUint16(at + 2)) {
    const marker = file.getUint8(at + 1);
    if (marker === 0xda) break;
    if (marker === 0xe1 && file.getUint32(at + 4) === exif) return orientationIn(file, at + 10);
  }
  return 1;
}

/** "Exif" */
const exif = 0x45_78_69_66;
const orientationTag = 0x0112;

/** @param start of the TIFF header */
function orientationIn(file: DataView, start: number): number {
  const isLittle = file.getUint16(start) === 0x49_49;
  const directory = start + file.getUint32(start + 4, isLittle);
  if (directory + 2 > file.byteLength) return 1;
  const count = file.getUint16(directory, isLittle);
  for (let entry = directory + 2; entry < directory + 2 + 12 * count && entry + 12 <= file.byteLength; entry += 12) {
    if (file.getUint16(entry, isLittle) === orientationTag) return file.getUint16(entry + 8, isLittle);
  }
  return 1;
}

/** Turns and mirrors an image so that it is upright. */
export function upright(image: Pixels, orientation: number): Pixels {
  if (!(orientation > 1 && orientation <= 8)) return image;
  const isTurned = orientation >= 5;
  const [width, height] = isTurned ? [image.height, image.width] : [image.width, image.height];
  const source = new Uint32Array(Uint8Array.from(image.data).buffer);
  const target = new Uint32Array(width * height);
  const [right, bottom] = [image.width - 1, image.height - 1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [across, down] = isTurned ? [y, x] : [x, y];
      const fromX = mirrored.has(orientation) ? right - across : across;
      const fromY = flipped.has(orientation) ? bottom - down : down;
      target[y * width + x] = source[fromY * image.width + fromX] ?? 0;
    }
  }
  return {width, height, data: new Uint8Array(target.buffer)};
}

const mirrored: ReadonlySet<number> = new Set([2, 3, 7, 8]);
const flipped: ReadonlySet<number> = new Set([3, 4, 6, 7]);
