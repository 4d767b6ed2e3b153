import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {interruption} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import {processCpuMs} from './cpu-time.js';
import {timeLimitError} from './script-engine.js';
import {type Clues, findKey, type FoundKey} from './form-key-script.js';

/** Undefined in bundles that are CommonJS. Bundlers would copy the worker, but not what it imports, if they saw it used below. */
const here: string | undefined = import.meta.url;

export interface FormKeyScripts {
  scripts: readonly string[];
  clues: Clues;
  userAgent: string;
}

export interface WorkerOptions extends CallOptions {
  /**
   * Milliseconds of CPU time, of this process, after which the worker is terminated. Default: 8000, longer than the engine's own
   * limit, which some built-in functions ignore: `new Array(4e9).join()` takes minutes.
   */
  timeLimitMs?: number;
  /** The script of the worker. Default: the built one. */
  entry?: URL;
}

/** However little CPU time the worker gets, it is terminated after this time. */
const maxWaitMs = 120_000;

/**
 * Runs `findKey` in a worker thread that is terminated when it exceeds a limit of CPU time.
 * @throws PoeError `not_understood`, `interrupted`; the system's error if the current folder was deleted
 */
export async function findKeyInWorker(
  page: FormKeyScripts,
  {signal, timeLimitMs = 8_000, entry = builtWorker()}: WorkerOptions = {},
): Promise<FoundKey | undefined> {
  if (!entry) return findKey(page.scripts, page.clues, page.userAgent);
  const worker = new Worker(entry, {
    workerData: page,
    env: {},
    execArgv: [],
    resourceLimits: {maxOldGenerationSizeMb: 256},
  });
  try {
    return await new Promise((resolve, reject) => {
      const [startedAt, startCpuMs] = [performance.now(), processCpuMs()];
      const timer = setInterval(() => {
        const isOver = processCpuMs() - startCpuMs > timeLimitMs || performance.now() - startedAt > maxWaitMs;
        if (isOver) reject(timeLimitError());
      }, timeLimitMs / 20);
      worker.on('message', ({found, failure}: {found?: FoundKey; failure?: string}) =>
        failure === undefined ? resolve(found) : reject(timeLimitError(failure)),
      );
      // No thread starts in a folder that was deleted.
      worker.on('error', (error: Error) => (error.message.includes('uv_cwd') ? reject(error) : resolve(undefined)));
      worker.on('exit', () => {
        clearInterval(timer);
        resolve(undefined);
      });
      signal?.addEventListener('abort', () => reject(interruption(signal)), {once: true});
    });
  } finally {
    await worker.terminate();
  }
}

/** The script of the worker in the built package. The sources do not contain it, nor do most bundles. */
function builtWorker(): URL | undefined {
  const path = '../worker-entry.js';
  if (!URL.canParse(path, here)) return undefined;
  const url = new URL(path, here);
  return existsSync(url) ? url : undefined;
}
