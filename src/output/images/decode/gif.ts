import {GifReader} from 'omggif';
import {ImageError, type Pixels} from '../pixels.js';

/** Decodes the first frame. @throws Error if the file is damaged */
export function decodeGif(bytes: Uint8Array): Pixels {
  const reader = new GifReader(bytes);
  const {width, height} = reader;
  const frame = reader.frameInfo(0);
  // The size of a frame is stated separately.
  if (frame.x + frame.width > width || frame.y + frame.height > height) throw new ImageError('the image is damaged');
  const data = new Uint8Array(width * height * 4);
  reader.decodeAndBlitFrameRGBA(0, data);
  return {width, height, data};
}
