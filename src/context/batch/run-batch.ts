import {PoeError} from '../../core/errors.js';
import type {Client} from '../../core/client.js';
import type {BatchOptions, BatchPrompt, BatchResult} from '../../core/many/batch.js';
import {keepHeapSmall} from '../keep-heap-small.js';
import {lostResult, type ResultFile} from './result-file.js';

interface RunOptions {
  /** The file of the results; undefined if they are only printed. */
  file: ResultFile | undefined;
  /** Send prompts again that failed, or whose result was lost. */
  retriesFailed: boolean;
  onResult: (result: BatchResult) => void;
  /** Called with each prompt that has a result from an earlier run. */
  onSkip: () => void;
  /** Called when the batch is stopped while replies arrive, with their number. */
  onWait: (replies: number) => void;
}

/** Sends the prompts that have no result yet. @throws as `batch` of the client, after the results so far are stored */
export async function runBatch(
  client: Pick<Client, 'batch'>,
  prompts: AsyncIterable<BatchPrompt>,
  options: BatchOptions,
  {file, retriesFailed, onResult, onSkip, onWait}: RunOptions,
): Promise<void> {
  if (retriesFailed) await file?.removeFailed();
  let started = 0;
  const store = (result: BatchResult) => {
    file?.add(resultLine(result));
    onResult(result);
  };
  const missing = async function* () {
    for await (const prompt of prompts) {
      const {id} = prompt;
      if (file?.done.has(id)) onSkip();
      else if (file?.lost.has(id) && !retriesFailed) store(lost(id, options.bot ?? ''));
      else yield prompt;
    }
  };
  const own = {
    onStart({id}: BatchPrompt) {
      started++;
      file?.start(id);
    },
    onNotSent({id}: BatchPrompt) {
      started--;
      file?.notSent(id);
    },
  };
  const onStop = () => {
    if (started > 0) onWait(started);
  };
  keepHeapSmall({isTiny: true});
  options.stop?.addEventListener('abort', onStop, {once: true});
  try {
    for await (const result of client.batch(missing(), {...options, ...own})) {
      started--;
      store(result);
    }
  } finally {
    options.stop?.removeEventListener('abort', onStop);
  }
}

/** A result as it is stored and printed. */
export const resultLine = ({id, bot, text, state, points, error}: BatchResult) => ({
  id,
  bot,
  text,
  state,
  points,
  error: error && {code: error.code, message: error.message},
});

const lost = (id: string, bot: string): BatchResult => ({
  id,
  bot,
  text: '',
  state: 'failed',
  points: {cost: null, balance: null},
  estimatedCost: null,
  error: lostResult(),
});

/** The error of a batch in which prompts failed. */
export const someFailed = (failed: number, total: number, canRetry: boolean): PoeError =>
  new PoeError('bot_failed', `${failed} of ${total} prompts failed`, canRetry ? {remedy: 'retry_batch'} : {});
