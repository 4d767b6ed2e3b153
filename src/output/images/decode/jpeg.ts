import {decode} from 'jpeg-js';
import {maxPixels, type Pixels} from '../pixels.js';

/** @throws Error if the file is damaged or takes too much memory */
export const decodeJpeg = (bytes: Uint8Array): Pixels =>
  decode(bytes, {useTArray: true, formatAsRGBA: true, maxResolutionInMP: maxPixels / 1e6, maxMemoryUsageInMB: 512});
