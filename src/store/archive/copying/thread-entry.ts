import {parentPort, workerData} from 'node:worker_threads';
import {PoeError} from '../../../core/errors.js';
import {Archive} from '../archive.js';
import {CopyWriter} from './copy-writer.js';
import type {Answer, Task, ThreadOptions} from './writer-thread.js';

/* The thread of `startWriterThread`. It has a connection of its own. */
const {path, account} = workerData as ThreadOptions;

const onDamaged = () => {
  throw new PoeError('store', `${path} is damaged`, {hint: 'Run the command again.'});
};
const opened = Archive.open({path, onDamaged}).then((archive) => ({archive, writer: new CopyWriter(archive, account)}));

async function run(task: Task): Promise<Answer> {
  const {archive, writer} = await opened;
  if (task === 'flush') await writer.flush();
  else if (task !== 'close') await writer.add(task.chat);
  else {
    await writer.close();
    archive.close();
    parentPort?.unref();
  }
  return {changed: writer.changed};
}

/** @throws any error that is no PoeError, which ends the thread */
function toAnswer(error: unknown): Answer {
  if (!(error instanceof PoeError)) throw error;
  const {message, hint, facts} = error;
  return {failure: {message, hint, facts}};
}

parentPort?.on('message', (task: Task) => {
  void run(task)
    .catch(toAnswer)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
    .then((answer) => parentPort?.postMessage(answer));
});
