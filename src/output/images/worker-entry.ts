import {parentPort, workerData} from 'node:worker_threads';
import {ImageError} from './pixels.js';
import {renderImage, type RenderRequest} from './render-image.js';

/* The worker of `renderInWorker`, which passes it a `RenderRequest`. */
void renderImage(workerData as RenderRequest)
  .then(
    (image) => ({image}),
    (error: unknown) => ({failure: error instanceof ImageError ? error.message : 'it cannot be decoded'}),
  )
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
  .then((answer) => parentPort?.postMessage(answer));
