import {parentPort, workerData} from 'node:worker_threads';
import {PoeError} from '../../errors.js';
import type {FormKeyScripts} from './form-key-worker.js';
import {findKey} from './form-key-script.js';

/* The worker of `findKeyInWorker`. */
const {scripts, clues, userAgent} = workerData as FormKeyScripts;
void findKey(scripts, clues, userAgent)
  .then(
    (found) => ({found}),
    (error: unknown) => ({failure: error instanceof PoeError ? error.message : undefined}),
  )
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
  .then((answer) => parentPort?.postMessage(answer));
