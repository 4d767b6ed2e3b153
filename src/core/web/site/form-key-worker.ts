import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {interruption} from '../../errors.js';
import {timeLimitError} from './script-engine.js';
import {type Clues, findKey, type FoundKey} from './form-key-script.js';

/** Longer than the engine's own limit, which some built-in functions ignore: `new Array(4e9).join()` takes minutes. */
const timeoutMs = 8_000;
/** The path in the built package. */
const workerFile = new URL('../worker-entry.js', import.meta.url);

export interface FormKeyScripts {
  scripts: readonly string[];
  clues: Clues;
  userAgent: string;
}

/**
 * Runs `findKey` in a worker, which is terminated when its time is over.
 * @throws PoeError `not_understood`, `interrupted`
 */
export async function findKeyInWorker(page: FormKeyScripts, signal?: AbortSignal): Promise<FoundKey | undefined> {
  // The file is missing if the sources run without a build.
  if (!existsSync(workerFile)) return findKey(page.scripts, page.clues, page.userAgent);
  const worker = new Worker(workerFile, {
    workerData: page,
    env: {},
    execArgv: [],
    resourceLimits: {maxOldGenerationSizeMb: 256},
  });
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timeLimitError()), timeoutMs);
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
