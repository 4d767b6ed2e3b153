import {existsSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {ImageError} from './pixels.js';
import type {RenderedImage, RenderRequest} from './render-image.js';

/** The path in the built package. */
const workerFile = new URL('../image-worker.js', import.meta.url);

interface WorkerOptions {
  signal: AbortSignal;
  /** Default: 10,000. */
  timeLimitMs?: number;
  /** The script of the worker. Default: the built one. */
  entry?: URL;
}

/**
 * Runs `renderImage` in a thread that is terminated when it exceeds a limit of time or memory, so that a malicious image
 * cannot stop the program.
 * @throws ImageError
 */
export async function renderInWorker(
  request: RenderRequest,
  {signal, timeLimitMs = 10_000, entry = workerFile}: WorkerOptions,
): Promise<RenderedImage> {
  signal.throwIfAborted();
  // The sources do not contain the built script.
  if (!existsSync(entry)) return (await import('./render-image.js')).renderImage(request);
  const worker = new Worker(entry, {
    workerData: request,
    env: {},
    execArgv: [],
    resourceLimits: {maxOldGenerationSizeMb: 512},
  });
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), timeLimitMs);
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', ({image, failure}: {image?: RenderedImage; failure?: string}) =>
        image ? resolve(image) : reject(new ImageError(failure)),
      );
      worker.on('error', () => reject(new ImageError('it cannot be decoded')));
      worker.on('exit', () => reject(new ImageError('it cannot be decoded')));
      timer.signal.addEventListener('abort', () => reject(new ImageError('decoding takes too long')));
      signal.addEventListener('abort', () => reject(new ImageError('it was stopped')), {once: true});
    });
  } finally {
    clearTimeout(timeout);
    await worker.terminate();
  }
}
