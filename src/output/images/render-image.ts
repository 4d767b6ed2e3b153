import {randomInt} from 'node:crypto';
import {PNG} from 'pngjs';
import {decodeImage} from './decode/decode-image.js';
import {halfBlocks} from './encode/half-blocks.js';
import {iterm2Image} from './encode/iterm2.js';
import {kittyImage, kittyPlaceholders, maxPlaceholderRows} from './encode/kitty.js';
import {fit, type Room, type Size} from './fit.js';
import type {Graphics} from './graphics.js';
import type {Pixels} from './pixels.js';
import {padTo, scaleDown} from './scale.js';

/** An image for a terminal. */
export interface RenderedImage extends Size {
  /** What to write at the start of a row: as many lines as the image has rows. The cursor is then in the row below it. */
  lines: string;
}

export interface RenderRequest {
  /** The file. */
  bytes: Uint8Array;
  graphics: Graphics;
  room: Room;
}

/**
 * Draws an image for a terminal. The file is decoded and scaled, so that the terminal gets a new image of a limited size instead
 * of the file itself.
 * @returns also the size of the original in pixels
 * @throws ImageError
 */
export async function renderImage({bytes, graphics, room}: RenderRequest): Promise<RenderedImage> {
  const image = await decodeImage(bytes);
  const {width, height} = image;
  if (graphics.type === 'blocks') {
    const size = fit(image, room, {width: 1, height: 2});
    return {width, height, lines: halfBlocks(scaleDown(image, size.width, size.height), graphics.colors)};
  }
  const {cell} = graphics;
  const most = graphics.type === 'placeholders' ? Math.min(room.rows, maxPlaceholderRows) : room.rows;
  const size = fit(image, {columns: room.columns, rows: most}, cell);
  const scaled = scaleDown(image, size.width, size.height);
  if (graphics.type === 'sixel') {
    const {sixelImage} = await import('./encode/sixel.js');
    return {width, height, lines: inRows(sixelImage(scaled), size.rows)};
  }
  const png = toPng(padTo(scaled, size.columns * cell.width, size.rows * cell.height));
  if (graphics.type === 'placeholders')
    return {width, height, lines: kittyPlaceholders(png, size, randomInt(1, 1 << 24))};
  const sequence = graphics.type === 'kitty' ? kittyImage(png, size) : iterm2Image(png, size);
  return {width, height, lines: inRows(sequence, size.rows)};
}

/**
 * Draws at the top of new, empty rows, which may scroll the screen, and leaves the cursor below them. So the number of rows is
 * known, however the terminal moves the cursor when it draws an image.
 */
const inRows = (sequence: string, rows: number): string =>
  `${'\n'.repeat(rows)}\u001b[${rows}A\u001b7${sequence}\u001b8\u001b[${rows}B`;

function toPng({width, height, data}: Pixels): Uint8Array {
  const png = new PNG({width, height});
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png);
}
