import process from 'node:process';
import {setFlagsFromString} from 'node:v8';

/**
 * The engine for the site's scripts is a WASM module, which V8 would compile a second time, optimized, as it is used: 50 ms of CPU that
 * no command of ours lives long enough to earn back. Not sooner than it is needed, for after it V8 takes 13 ms more to load all else.
 * Only where the flag is known to be there, for V8 complains of others.
 */
export function limitWasmTiers(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major <= 24) setFlagsFromString('--liftoff-only');
}
