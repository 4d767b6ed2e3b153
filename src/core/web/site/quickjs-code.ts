import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

/** The WebAssembly code of QuickJS. The build puts its bytes in place of this module. */
export const quickJsCode = (): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
