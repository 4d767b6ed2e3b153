import {imageDimensionsFromData, type ImageType} from 'image-dimensions';
import {ImageError, maxPixels, type Pixels} from '../pixels.js';

type Decode = (bytes: Uint8Array) => Pixels | Promise<Pixels>;

/** Each decoder is loaded when it is needed. */
const decoders: Partial<Record<ImageType, () => Promise<Decode>>> = {
  png: async () => (await import('./png.js')).decodePng,
  jpeg: async () => (await import('./jpeg.js')).decodeJpeg,
  gif: async () => (await import('./gif.js')).decodeGif,
  webp: async () => (await import('./webp.js')).decodeWebp,
};

/**
 * Decodes a PNG, JPEG or WebP image, or the first frame of a GIF. The size that the file states is checked before anything is
 * decoded.
 * @throws ImageError
 */
export async function decodeImage(bytes: Uint8Array): Promise<Pixels> {
  const found = imageDimensionsFromData(bytes);
  const load = found && decoders[found.type];
  if (!load) throw new ImageError('it is not a PNG, JPEG, GIF or WebP image');
  if (found.width === 0 || found.height === 0) throw new ImageError('it is empty');
  if (found.width * found.height > maxPixels)
    throw new ImageError(`it has more than ${maxPixels / 1e6} million pixels`);
  const decode = await load();
  try {
    return await decode(bytes);
  } catch (error) {
    throw error instanceof ImageError ? error : new ImageError('the image is damaged');
  }
}
