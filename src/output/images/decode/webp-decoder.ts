import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

/** The WebAssembly code of `@jsquash/webp`. The build puts its bytes in place of this module. */
export const webpDecoder = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm')));
