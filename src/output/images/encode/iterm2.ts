import type {Room} from '../fit.js';

/** An image at the cursor by iTerm2's protocol. */
export function iterm2Image(png: Uint8Array, {columns, rows}: Room): string {
  const options = [`size=${png.byteLength}`, `width=${columns}`, `height=${rows}`, 'preserveAspectRatio=0', 'inline=1'];
  return `\u001b]1337;File=${options.join(';')}:${Buffer.from(png).toString('base64')}\u0007`;
}
