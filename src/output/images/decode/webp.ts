import decode, {init} from '@jsquash/webp/decode.js';
import type {Pixels} from '../pixels.js';
import {webpCode} from './webp-code.js';

/** Decodes a still image. @throws Error if the file is damaged, or an animation */
export async function decodeWebp(bytes: Uint8Array): Promise<Pixels> {
  await init({wasmBinary: webpCode()});
  const {width, height, data} = await decode(Uint8Array.from(bytes).buffer);
  return {width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)};
}
