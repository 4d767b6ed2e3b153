import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

/** The WebAssembly code of `@jsquash/webp`. The build puts its bytes in place of this module. */
export const webpCode = (): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm')));
