import {decode} from 'jpeg-js';
import {maxPixels, type Pixels} from '../pixels.js';
import {orientationOf, upright} from './orientation.js';

/** @throws Error if the file is damaged or takes too much memory */
export function decodeJpeg(bytes: Uint8Array): Pixels {
  const limits = {maxResolutionInMP: maxPixels / 1e6, maxMemoryUsageInMB: 512};
  return upright(decode(bytes, {useTArray: true, formatAsRGBA: true, ...limits}), orientationOf(bytes));
}
