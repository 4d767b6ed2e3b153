import {setTimeout} from 'node:timers/promises';
import {interruption} from '../errors.js';

/** @throws PoeError `interrupted` */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, {signal}).catch(() => {
    throw interruption(signal);
  });
}
