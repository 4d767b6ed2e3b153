import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {interruption} from '../../errors.js';
import {timeLimitError} from './script-engine.js';
import {type Clues, findKey, type FoundKey} from './form-key-script.js';

/** Longer than the engine's own limit, which some built-in functions do not heed: `new Array(4e9).join()` takes minutes. */
const mostMs = 8_000;
/** As it is built. */
const thread = new URL('../worker-entry.js', import.meta.url);

export interface FormKeyScripts {
  scripts: readonly string[];
  clues: Clues;
  userAgent: string;
}

/**
 * As `findKey`, in a thread of its own, which is ended when its time is over, whatever it is at.
 * @throws PoeError `not_understood`, `interrupted`
 */
export async function findKeyInWorker(page: FormKeyScripts, signal?: AbortSignal): Promise<FoundKey | undefined> {
  // Sources that were not built have no such file.
  if (!existsSync(thread)) return findKey(page.scripts, page.clues, page.userAgent);
  const worker = new Worker(thread, {
    workerData: page,
    env: {},
    execArgv: [],
    resourceLimits: {maxOldGenerationSizeMb: 256},
  });
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timeLimitError()), mostMs);
      worker.on('message', ({found, failure}: {found?: FoundKey; failure?: string}) =>
        failure === undefined ? resolve(found) : reject(timeLimitError(failure)),
      );
      worker.on('error', () => resolve(undefined));
      worker.on('exit', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
      signal?.addEventListener('abort', () => reject(interruption(signal)), {once: true});
    });
  } finally {
    await worker.terminate();
  }
}
