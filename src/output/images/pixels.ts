/** An image in memory: red, green, blue and alpha of each pixel, a byte each, row by row. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** More than any image on a screen. Decoding takes a few hundred megabytes at this size. */
export const maxPixels = 25_000_000;

/** A reason, for the user, why an image cannot be shown. */
export class ImageError extends Error {}
