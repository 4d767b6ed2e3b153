import {image2sixel, introducer, sixelEncode} from 'sixel/lib/SixelEncoder.js';
import type {Pixels} from '../pixels.js';

const maxColors = 256;

/** Pixels that are not drawn show the background of the terminal. */
const keepBackground = 1;

/** An image at the cursor as sixels. A pixel is either opaque or not drawn; of an image with many colors, all are drawn. */
export function sixelImage({width, height, data}: Pixels): string {
  // The library changes the pixels, and sorts those in a Buffer.
  const opaque = Uint8Array.from(data, (value, index) => (index % 4 === 3 ? (value < 128 ? 0 : 255) : value));
  const palette = colorsOf(opaque);
  const sequence = palette
    ? `${introducer(keepBackground)}${sixelEncode(opaque, width, height, palette)}\u001b\\`
    : image2sixel(opaque, width, height, maxColors, keepBackground);
  return sequence.replaceAll('\n', '');
}

/** All colors of an image; undefined if there are too many. */
function colorsOf(data: Uint8Array): [red: number, green: number, blue: number][] | undefined {
  const colors = new Set<number>();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) continue;
    colors.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
    if (colors.size > maxColors) return undefined;
  }
  return [...colors].map((color) => [color >> 16, (color >> 8) & 255, color & 255]);
}
